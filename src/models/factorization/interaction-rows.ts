import type { Csr } from "../../data/csr.ts";
import type { Arena } from "../../kernel/arena.ts";
import type { WeightedRows } from "../../kernel/sparse-rows.ts";

/** The two views of interactions, in kernel memory: users x items and items x users. */
export interface InteractionRows {
  readonly byUser: WeightedRows;
  readonly byItem: WeightedRows;
}

/**
 * Interactions as rows in both directions, in kernel memory. The transpose is computed there, so that large data isn't held in ordinary
 * memory again.
 *
 * @param byUser users x items
 * @param values one per entry of `byUser`; omit if all are 1
 */
export function interactionRows(arena: Arena, byUser: Csr, values: Float32Array | undefined): InteractionRows {
  const { rows, columns, offsets, indices } = byUser;
  const copied = {
    rows,
    columns,
    offsets: arena.copy(offsets),
    indices: arena.copy(indices),
    ...(values && { values: arena.copy(values) }),
  };
  return { byUser: copied, byItem: transpose(arena, copied) };
}

function transpose(arena: Arena, { rows, columns, offsets, indices, values }: WeightedRows): WeightedRows {
  const starts = arena.uint32(columns + 1);
  const turned = arena.uint32(indices.length);
  const moved = values === undefined ? undefined : arena.float32(indices.length);
  for (let e = 0; e < indices.length; e++) starts[indices[e] + 1]++;
  for (let c = 0; c < columns; c++) starts[c + 1] += starts[c];
  const next = starts.slice(0, columns);
  for (let r = 0; r < rows; r++)
    for (let e = offsets[r]; e < offsets[r + 1]; e++) {
      const at = next[indices[e]]++;
      turned[at] = r;
      if (moved !== undefined && values !== undefined) moved[at] = values[e];
    }
  return { rows: columns, columns: rows, offsets: starts, indices: turned, ...(moved && { values: moved }) };
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
