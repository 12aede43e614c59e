/**
 * A sparse matrix in compressed rows, as kernels take it: row r holds the entries offsets[r] … offsets[r + 1] - 1, their columns
 * ascending. `Csr` of the data layer is one.
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

/** Sparse rows whose values may be left out where all are 1. */
export type WeightedRows = Omit<SparseRows, "values"> & { readonly values?: Float32Array };
