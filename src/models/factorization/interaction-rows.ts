import type { Interactions } from "../../data/dataset.ts";
import type { Arena } from "../../kernel/arena.ts";
import type { WeightedRows } from "../../kernel/fold-in.ts";

/** The two views of interactions, in kernel memory: users x items and items x users. */
export interface InteractionRows {
  readonly byUser: WeightedRows;
  readonly byItem: WeightedRows;
}

/**
 * Interactions as rows both ways, straight into kernel memory, so that large data is not held a second time outside it. Repeated pairs stay
 * repeated. `values` are absent when no weights are given.
 */
export function interactionRows(
  arena: Arena,
  users: number,
  items: number,
  interactions: Interactions,
  values?: Float32Array,
): InteractionRows {
  const { user, item } = interactions;
  return { byUser: rowsBy(arena, users, items, user, item, values), byItem: rowsBy(arena, items, users, item, user, values) };
}

function rowsBy(
  arena: Arena,
  rows: number,
  columns: number,
  row: Uint32Array,
  column: Uint32Array,
  values: Float32Array | undefined,
): WeightedRows {
  const offsets = arena.uint32(rows + 1);
  const indices = arena.uint32(row.length);
  for (let i = 0; i < row.length; i++) offsets[row[i] + 1]++;
  for (let r = 0; r < rows; r++) offsets[r + 1] += offsets[r];
  const next = offsets.slice(0, rows);
  if (values === undefined) {
    for (let i = 0; i < row.length; i++) indices[next[row[i]]++] = column[i];
    return { rows, columns, offsets, indices };
  }
  const sorted = arena.float32(row.length);
  for (let i = 0; i < row.length; i++) {
    const at = next[row[i]]++;
    indices[at] = column[i];
    sorted[at] = values[i];
  }
  return { rows, columns, offsets, indices, values: sorted };
}

/** The sum of weights of each row. */
export function rowWeights({ rows, offsets, values }: WeightedRows): Float32Array {
  const sums = new Float32Array(rows);
  for (let r = 0; r < rows; r++) {
    let sum = offsets[r + 1] - offsets[r];
    if (values !== undefined) {
      sum = 0;
      for (let e = offsets[r]; e < offsets[r + 1]; e++) sum += values[e];
    }
    sums[r] = sum;
  }
  return sums;
}
