import type { Backend } from "../kernel/backend.ts";
import { topKScores } from "../kernel/top-k.ts";
import type { FittedModel } from "./fitted-model.ts";
import type { RankedLists } from "./ranked-lists.ts";

/** The k items most similar to an item, without the item itself, as a list of one row. */
export function similarItems(
  { definition, state, options, itemCount }: FittedModel,
  item: number,
  wanted: number,
  backend: Backend,
): RankedLists {
  const scores = new Float32Array(itemCount);
  const matrix = definition.itemToItem?.(state, options);
  if (definition.similar !== undefined) definition.similar(state, item, scores, options);
  else if (matrix?.kind === "sparse")
    for (let i = matrix.offsets[item]; i < matrix.offsets[item + 1]; i++) scores[matrix.indices[i]] = matrix.values[i];
  else if (matrix?.kind === "dense") scores.set(matrix.values.subarray(item * itemCount, (item + 1) * itemCount));
  else cosines(definition.itemFactors?.(state, options), item, scores);
  const [offsets, indices, values] = [Uint32Array.of(0, 1), Uint32Array.of(item), Float32Array.of(1)];
  const k = Math.min(wanted, itemCount);
  const exclude = { rows: 1, columns: itemCount, offsets, indices, values };
  return { k, ...topKScores(backend, { scores, rows: 1, items: itemCount, k, exclude }) };
}

function cosines(vectors: { dimensions: number; factors: Float32Array } | undefined, item: number, out: Float32Array): void {
  if (vectors === undefined) return;
  const { dimensions, factors } = vectors;
  const own = factors.subarray(item * dimensions, (item + 1) * dimensions);
  let ownSquare = 0;
  for (const value of own) ownSquare += value * value;
  for (let j = 0; j < out.length; j++) {
    let product = 0;
    let square = 0;
    for (let d = 0; d < dimensions; d++) {
      const value = factors[j * dimensions + d];
      product += value * own[d];
      square += value * value;
    }
    out[j] = square === 0 || ownSquare === 0 ? 0 : product / Math.sqrt(square * ownSquare);
  }
}
