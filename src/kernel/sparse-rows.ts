/**
 * A sparse matrix in compressed rows, as kernels expect it: row r has the entries offsets[r] … offsets[r + 1] - 1, with ascending columns. The data
 * layer's `Csr` is one.
 */
export interface SparseRows {
  readonly rows: number;
  readonly columns: number;
  /** rows + 1 entries. */
  readonly offsets: Uint32Array;
  /** The column of each entry. */
  readonly indices: Uint32Array;
  /** The value of each entry. */
  readonly values: Float32Array;
}

/** Sparse rows whose values may be omitted if all are 1. */
export type WeightedRows = Omit<SparseRows, "values"> & { readonly values?: Float32Array };
