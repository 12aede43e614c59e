import { csrValue } from "../data/csr.ts";
import type { Backend } from "../kernel/backend.ts";
import type { AnyModelDefinition } from "./definition.ts";
import type { FittedModel } from "./fitted-model.ts";
import type { Histories } from "./histories.ts";

/** What each item of one history adds to the score of an item: one number per entry of `histories.bag()`. */
export function contributionsOf(
  { definition, state, options }: FittedModel,
  histories: Histories,
  item: number,
  backend: Backend,
): Float32Array {
  const contributions = new Float32Array(histories.bag().indices.length);
  if (definition.explain !== undefined) definition.explain(state, histories, item, contributions, options, { backend });
  else {
    const matrix = definition.itemToItem?.(state, options);
    const profile = definition.profile?.(state, histories, options) ?? histories.bag();
    for (let i = 0; i < contributions.length; i++) contributions[i] = profile.values[i] * entryOf(matrix, profile.indices[i], item);
  }
  return contributions;
}

function entryOf(matrix: ReturnType<NonNullable<AnyModelDefinition["itemToItem"]>> | undefined, row: number, column: number): number {
  if (matrix === undefined) return 0;
  return matrix.kind === "dense" ? matrix.values[row * matrix.items + column] : csrValue(matrix, row, column);
}
