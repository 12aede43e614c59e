import type { WeightedRows } from "../sparse-rows.ts";
export interface SumRowsArguments {
  readonly rows: WeightedRows;
  /** Row-major, rows.columns x dimensions. */
  readonly factors: Float32Array;
  /** A multiple of 4. */
  readonly dimensions: number;
  /** Row-major, rows.rows x dimensions. */
  readonly out: Float32Array;
}

/** `sumRows` in plain TypeScript. */
export function sumRowsReference({ rows, factors, dimensions, out }: SumRowsArguments): void {
  for (let row = 0; row < rows.rows; row++)
    for (let d = 0; d < dimensions; d++) {
      let sum = 0;
      for (let e = rows.offsets[row]; e < rows.offsets[row + 1]; e++)
        sum += (rows.values?.[e] ?? 1) * factors[rows.indices[e] * dimensions + d];
      out[row * dimensions + d] = sum;
    }
}
