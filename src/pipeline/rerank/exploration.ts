import type { Random } from "../../util/random.ts";
import type { ExplorationSpec } from "../recommender-spec.ts";
import { epsilonGreedy } from "./epsilon.ts";
import { thompsonSampling } from "./thompson.ts";

/** What came of showing items, by item index. */
export interface Feedback {
  readonly shown: ArrayLike<number>;
  /** How often an item was taken when shown. */
  readonly taken: ArrayLike<number>;
  /** Taken by shown, over all items. */
  readonly rate: number;
}

/** A list after exploration. */
export interface Explored {
  /** Positions by place. */
  readonly list: readonly number[];
  /** How likely the item was to stand in its place, in (0, 1]. */
  readonly propensities: Float32Array;
}

/**
 * Leaves some places of a list to chance, so that something is learned of items that would not be shown otherwise.
 *
 * @param list positions by place
 * @param open places that may change, in order: not those of pins, nor of items that a minimum share needs
 * @param spares positions of candidates that may come in, best first; together with the list they break no cap
 * @param members item index by position
 */
export function explore(
  spec: ExplorationSpec,
  list: readonly number[],
  open: readonly number[],
  spares: readonly number[],
  members: Uint32Array,
  feedback: Feedback,
  random: Random,
): Explored {
  if (spec.kind === "epsilon") return epsilonGreedy(list, open, spares, spec.epsilon, random);
  // The first places are the dearest, so a share of the places takes the last ones.
  const share = spec.share ?? 1;
  const taking = Math.ceil(share * open.length - 1e-9);
  return thompsonSampling(list, open.slice(open.length - taking), spares, members, feedback, random);
}
