import { RecoError } from "../../util/errors.ts";
import { Random } from "../../util/random.ts";
import type { Dataset } from "../dataset.ts";
import type { Split } from "../split.ts";
import { checkSeed, cut } from "./cut.ts";

/**
 * Cuts the interactions at random into `folds` parts of equal size (within one), and holds out each of them once: every interaction is in the
 * test part of exactly one split.
 *
 * @param options `folds`: 2 or more, 5 by default; `seed`: a whole number of at least 0
 * @throws RecoError `bad-option`, also if there are fewer interactions than folds
 */
export function kFold(data: Dataset, options: { readonly folds?: number; readonly seed?: number } = {}): Split[] {
  const { folds = 5, seed = 0 } = options;
  if (!Number.isInteger(folds) || folds < 2) throw new RecoError("bad-option", `folds must be a whole number of at least 2, not ${folds}.`);
  if (folds > data.size) throw new RecoError("bad-option", `Can't cut ${data.size} interactions into ${folds} folds.`);
  checkSeed(seed);
  const foldOf = new Random(seed).shuffle(Uint32Array.from({ length: data.size }, (_, row) => row % folds));
  return Array.from({ length: folds }, (_, fold) =>
    cut(
      data,
      Uint8Array.from(foldOf, (own) => (own === fold ? 1 : 0)),
      { method: "k-fold", folds, seed, fold },
    ),
  );
}
