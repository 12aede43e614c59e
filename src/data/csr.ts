/**
 * A sparse matrix in compressed rows: row r has the entries offsets[r] … offsets[r + 1] - 1, with ascending columns (which repeat if the
 * interactions do).
 */
export interface Csr {
  readonly rows: number;
  readonly columns: number;
  /** rows + 1 entries. */
  readonly offsets: Uint32Array;
  /** The column of each entry. */
  readonly indices: Uint32Array;
  /** The value of each entry. */
  readonly values: Float32Array;
}

/**
 * Makes a matrix from coordinates by two counting sorts (column, then row): O(entries + rows + columns). Columns ascend in each row;
 * repeated pairs keep their order.
 *
 * @param values one per coordinate; all 1 if omitted
 */
export function csrFromCoordinates(
  rows: number,
  columns: number,
  row: Uint32Array,
  column: Uint32Array,
  values?: Float32Array | Float64Array,
): Csr {
  const n = row.length;
  const byColumn = countingSort(column, columns, undefined).order;
  const { order, offsets } = countingSort(row, rows, byColumn);
  const indices = new Uint32Array(n);
  const sorted = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const at = order[i];
    indices[i] = column[at];
    sorted[i] = values === undefined ? 1 : values[at];
  }
  return { rows, columns, offsets, indices, values: sorted };
}

/** A stable order of `keys` (each below `bound`), visited in the order `before`, and the offset where each key's run starts. */
export function countingSort(
  keys: Uint32Array,
  bound: number,
  before: Uint32Array | undefined,
): { order: Uint32Array; offsets: Uint32Array } {
  const offsets = new Uint32Array(bound + 1);
  for (let i = 0; i < keys.length; i++) offsets[keys[i] + 1]++;
  for (let r = 0; r < bound; r++) offsets[r + 1] += offsets[r];
  const next = offsets.slice(0, bound);
  const order = new Uint32Array(keys.length);
  if (before === undefined) for (let i = 0; i < keys.length; i++) order[next[keys[i]]++] = i;
  else
    for (let i = 0; i < keys.length; i++) {
      const at = before[i];
      order[next[keys[at]]++] = at;
    }
  return { order, offsets };
}

/** The transpose, also with ascending columns. */
export function transposeCsr(matrix: Csr): Csr {
  const { rows, columns, offsets, indices, values } = matrix;
  const starts = new Uint32Array(columns + 1);
  for (let i = 0; i < indices.length; i++) starts[indices[i] + 1]++;
  for (let c = 0; c < columns; c++) starts[c + 1] += starts[c];
  const next = starts.slice(0, columns);
  const turned = new Uint32Array(indices.length);
  const moved = new Float32Array(indices.length);
  for (let r = 0; r < rows; r++)
    for (let i = offsets[r]; i < offsets[r + 1]; i++) {
      const at = next[indices[i]]++;
      turned[at] = r;
      moved[at] = values[i];
    }
  return { rows: columns, columns: rows, offsets: starts, indices: turned, values: moved };
}

/** A new matrix of the rows `which`, in that order. */
export function csrRows(matrix: Csr, which: ArrayLike<number>): Csr {
  const offsets = new Uint32Array(which.length + 1);
  for (let r = 0; r < which.length; r++) offsets[r + 1] = offsets[r] + matrix.offsets[which[r] + 1] - matrix.offsets[which[r]];
  const indices = new Uint32Array(offsets[which.length]);
  const values = new Float32Array(offsets[which.length]);
  for (let r = 0; r < which.length; r++) {
    const from = matrix.offsets[which[r]];
    const to = matrix.offsets[which[r] + 1];
    indices.set(matrix.indices.subarray(from, to), offsets[r]);
    values.set(matrix.values.subarray(from, to), offsets[r]);
  }
  return { rows: which.length, columns: matrix.columns, offsets, indices, values };
}

/** The position of a column in a row, by bisection; -1 if the row lacks it. */
export function csrEntry({ offsets, indices }: Csr, row: number, column: number): number {
  let from = offsets[row];
  let to = offsets[row + 1];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (indices[middle] < column) from = middle + 1;
    else to = middle;
  }
  return from < offsets[row + 1] && indices[from] === column ? from : -1;
}

/** The value at a row and a column, 0 if there is no entry. */
export function csrValue(matrix: Csr, row: number, column: number): number {
  const at = csrEntry(matrix, row, column);
  return at < 0 ? 0 : matrix.values[at];
}
