/** A matrix product. All matrices are row-major, single precision. */
export interface GemmArguments {
  /** m x k, or k x m when `transposeA`. */
  readonly a: Float32Array;
  /** k x n, or n x k when `transposeB`. */
  readonly b: Float32Array;
  /** m x n. Must not overlap `a` or `b`. */
  readonly out: Float32Array;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** Add to `out` instead of overwriting it. Default false. */
  readonly accumulate?: boolean;
}

/** {@link gemm} by its definition. */
export function gemmReference({ a, b, out, m, n, k, transposeA, transposeB, accumulate }: GemmArguments): void {
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[transposeA ? p * m + i : i * k + p] * b[transposeB ? j * k + p : p * n + j];
      out[i * n + j] = accumulate ? out[i * n + j] + sum : sum;
    }
}
