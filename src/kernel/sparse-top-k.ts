import { checkLength, within } from "./arrays.ts";
import { type Backend, read, write } from "./backend.ts";
import { type SparseProductTopKArguments, sparseProductTopKReference } from "./reference/sparse-top-k.ts";
import { checkProduct, valuesUnlessOnes } from "./sparse-arguments.ts";
import type { SparseRows } from "./sparse-rows.ts";

/** Entries of the result that are found at once, to bound memory. */
const BLOCK_ENTRIES = 1 << 25;

/**
 * The k largest entries of each row of a product of two sparse matrices, where entry (i, j) is
 * `(left * right)[i, j] / (rowNorms[i] * columnNorms[j] + shrink)`. Among ties the lower column wins; entries whose sum is 0 are left out. Uses
 * Gustavson's algorithm (1978), with single-precision sums in ascending order of the inner index: the same bits on any number of threads. The time
 * is proportional to the number of multiplications in the product.
 *
 * @returns rows x columns, the columns of each row ascending
 * @throws RecoError `bad-input` if arrays don't match.
 */
export function sparseProductTopK(backend: Backend, args: SparseProductTopKArguments): SparseRows {
  const { left, right, k, rowNorms, columnNorms, shrink = 0, keepDiagonal = true } = args;
  checkProduct("sparseProductTopK", "left", left, "right", right);
  if (rowNorms) checkLength("sparseProductTopK", "rowNorms", rowNorms, left.rows);
  if (columnNorms) checkLength("sparseProductTopK", "columnNorms", columnNorms, right.columns);
  if (backend.run === undefined) return sparseProductTopKReference(args);
  const run = backend.run;
  const { rows } = left;
  const { columns } = right;
  const padded = (columns + 3) & ~3;
  const capacity = Math.min(3 * k, columns + Math.min(k, padded)) + 1;
  const scratch = padded * 8 + 16 + capacity * 8;
  const costs = rowCosts(left, right);
  const scaled = rowNorms !== undefined || columnNorms !== undefined || shrink !== 0;

  const arena = backend.arena();
  const blocks: SparseRows[] = [];
  try {
    const [leftOffsets, leftIndices] = [left.offsets, left.indices].map((array) => within(backend, arena, array));
    const [rightOffsets, rightIndices] = [right.offsets, right.indices].map((array) => within(backend, arena, array));
    const leftValues = withinUnlessOnes(backend, arena, left.values);
    // Checking whether all values are 1 pays off if the right matrix is read more than once.
    const rightValues =
      costs.sum > right.offsets[right.rows] ? withinUnlessOnes(backend, arena, right.values) : within(backend, arena, right.values);
    const norms = arena.float32(padded).fill(1);
    if (columnNorms) norms.set(columnNorms.subarray(0, columns));
    for (let from = 0; from < rows; ) {
      const starts = new Uint32Array(rows);
      let to = from;
      let entries = 0;
      for (; to < rows && (entries < BLOCK_ENTRIES || to === from); to++) {
        starts[to] = entries;
        entries += Math.min(k, columns, costs.rows[to]);
      }
      const block = backend.arena();
      try {
        const indices = block.uint32(entries);
        const values = block.float32(entries);
        const counts = block.uint32(rows);
        const order = byFallingCost(costs.rows, from, to);
        run("sparseProductTopK", { range: order.length, grain: Math.max(1, Math.min(64, order.length >> 6)), scratch }, [
          ...[read(leftOffsets), read(leftIndices), leftValues ? read(leftValues) : 0],
          ...[read(rightOffsets), read(rightIndices), rightValues ? read(rightValues) : 0],
          ...[read(order), padded, Math.min(k, padded), capacity],
          ...[rowNorms ? read(rowNorms) : 0, scaled ? read(norms) : 0, shrink, keepDiagonal ? 1 : 0],
          ...[read(starts), write(indices), write(values), write(counts)],
        ]);
        blocks.push(compact(from, to, columns, starts, counts, indices, values));
      } finally {
        block.release();
      }
      from = to;
    }
  } finally {
    arena.release();
  }
  return blocks.length === 1 ? blocks[0] : stacked(blocks, columns);
}

function withinUnlessOnes(backend: Backend, arena: ReturnType<Backend["arena"]>, array: Float32Array): Float32Array | undefined {
  const values = valuesUnlessOnes(array);
  return values && within(backend, arena, values);
}

/** Number of multiplications for each row of the product. */
function rowCosts(left: SparseRows, right: SparseRows): { rows: Float64Array; sum: number } {
  const costs = new Float64Array(left.rows);
  let sum = 0;
  for (let row = 0; row < left.rows; row++) {
    let cost = 0;
    for (let e = left.offsets[row]; e < left.offsets[row + 1]; e++) {
      const inner = left.indices[e];
      cost += right.offsets[inner + 1] - right.offsets[inner];
    }
    costs[row] = cost;
    sum += cost;
  }
  return { rows: costs, sum };
}

/** Rows from…to, the most expensive first (to a factor of two), so that no thread is left with a long row at the end. */
function byFallingCost(costs: Float64Array, from: number, to: number): Uint32Array {
  const LEVELS = 64;
  const level = (row: number) => LEVELS - 1 - Math.ceil(Math.log2(costs[row] + 1));
  const next = new Uint32Array(LEVELS + 1);
  for (let row = from; row < to; row++) next[level(row) + 1]++;
  for (let i = 0; i < LEVELS; i++) next[i + 1] += next[i];
  const order = new Uint32Array(to - from);
  for (let row = from; row < to; row++) order[next[level(row)]++] = row;
  return order;
}

/** Rows from…to of a result in which row r has counts[r] entries starting at starts[r], without the gaps. */
function compact(
  from: number,
  to: number,
  columns: number,
  starts: Uint32Array,
  counts: Uint32Array,
  indices: Uint32Array,
  values: Float32Array,
): SparseRows {
  const offsets = new Uint32Array(to - from + 1);
  for (let row = from; row < to; row++) offsets[row - from + 1] = offsets[row - from] + counts[row];
  const entries = offsets[to - from];
  const result = { rows: to - from, columns, offsets, indices: new Uint32Array(entries), values: new Float32Array(entries) };
  for (let row = from; row < to; row++) {
    result.indices.set(indices.subarray(starts[row], starts[row] + counts[row]), offsets[row - from]);
    result.values.set(values.subarray(starts[row], starts[row] + counts[row]), offsets[row - from]);
  }
  return result;
}

function stacked(blocks: readonly SparseRows[], columns: number): SparseRows {
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  const entries = blocks.reduce((sum, block) => sum + block.indices.length, 0);
  const result = {
    rows,
    columns,
    offsets: new Uint32Array(rows + 1),
    indices: new Uint32Array(entries),
    values: new Float32Array(entries),
  };
  let row = 0;
  let entry = 0;
  for (const block of blocks) {
    for (let r = 0; r < block.rows; r++) result.offsets[row + r + 1] = entry + block.offsets[r + 1];
    result.indices.set(block.indices, entry);
    result.values.set(block.values, entry);
    row += block.rows;
    entry += block.indices.length;
  }
  return result;
}
