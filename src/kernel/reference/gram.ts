export interface GramArguments {
  /** rows x columns. */
  readonly a: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** columns x columns, symmetric, stored in full. */
  readonly out: Float32Array;
  /** Multiplies the result. Default 1. */
  readonly scale?: number;
}

/** {@link gram} by its definition. */
export function gramReference({ a, rows, columns, out, scale = 1 }: GramArguments): void {
  for (let i = 0; i < columns; i++)
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let r = 0; r < rows; r++) sum += a[r * columns + i] * a[r * columns + j];
      out[i * columns + j] = scale * sum;
    }
}
