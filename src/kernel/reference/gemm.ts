import type { GemmArguments } from "../gemm.ts";

/** {@link gemm} by its definition. */
export function gemmReference({ a, b, out, m, n, k, transposeA, transposeB, accumulate }: GemmArguments): void {
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[transposeA ? p * m + i : i * k + p] * b[transposeB ? j * k + p : p * n + j];
      out[i * n + j] = accumulate ? out[i * n + j] + sum : sum;
    }
}
