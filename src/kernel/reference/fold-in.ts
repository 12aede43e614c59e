import type { WeightedRows } from "../sparse-rows.ts";

/** The solver of {@link foldIn}. */
export type FoldInSolver =
  /** Exact: one system in all dimensions per row. */
  | { readonly method: "cholesky" }
  /**
   * Conjugate gradients (Hestenes and Stiefel 1952; for implicit feedback Takács, Pilászy and Tikk 2011) with a diagonal preconditioner: this many
   * steps, or until the residual is `tolerance` (default 1e-4) times the initial one.
   */
  | { readonly method: "conjugate-gradient"; readonly steps: number; readonly tolerance?: number }
  /** iALS++ (Rendle et al. 2021): this many sweeps over blocks of `size` dimensions; each block is solved exactly with the others fixed. */
  | { readonly method: "blocks"; readonly size: number; readonly sweeps: number };

export interface FoldInArguments {
  /** One row per vector to solve for. Columns are rows of `factors`, values the weights w >= 0. */
  readonly rows: WeightedRows;
  /** The target t of each entry; 1 if omitted. */
  readonly targets?: Float32Array;
  /** Row-major, rows.columns x dimensions. */
  readonly factors: Float32Array;
  /** A multiple of 4. */
  readonly dimensions: number;
  /** The matrix G, dimensions x dimensions and symmetric; 0 if omitted. */
  readonly gram?: Float32Array;
  /** The penalty lambda of each row, >= 0. */
  readonly regularization: Float32Array;
  /** Row-major, rows.rows x dimensions. */
  readonly out: Float32Array;
  /** Whether `out` contains a starting point; otherwise the start is 0. Default false. */
  readonly warm?: boolean;
  /** Whether the penalty pulls toward the starting point instead of 0: lambda_r |x - start|^2. Default false. */
  readonly centered?: boolean;
  readonly solver: FoldInSolver;
}

/** `foldIn` in plain TypeScript and double precision, with textbook solvers. */
export function foldInReference(args: FoldInArguments): void {
  const { rows, dimensions: k, out, warm = false, solver } = args;
  for (let row = 0; row < rows.rows; row++) {
    const { matrix, right } = normalEquations(args, row);
    const own = out.subarray(row * k, (row + 1) * k);
    const x = warm ? Float64Array.from(own) : new Float64Array(k);
    if (args.centered) for (let d = 0; d < k; d++) right[d] += args.regularization[row] * x[d];
    if (solver.method === "conjugate-gradient") conjugateGradient(matrix, right, x, solver.steps, solver.tolerance ?? 1e-4);
    else {
      const size = solver.method === "blocks" ? Math.min(solver.size, k) : k;
      const sweeps = solver.method === "blocks" ? solver.sweeps : 1;
      for (let sweep = 0; sweep < sweeps; sweep++)
        for (let from = 0; from < k; from += size) solveBlock(matrix, right, x, from, Math.min(from + size, k));
    }
    own.set(x);
  }
}

/** sum w v v' + G + lambda I, and sum w t v. */
function normalEquations(args: FoldInArguments, row: number): { matrix: Float64Array[]; right: Float64Array } {
  const { rows, targets, factors, dimensions: k, gram, regularization } = args;
  const matrix = Array.from({ length: k }, (_, i) =>
    Float64Array.from({ length: k }, (_, j) => (gram ? gram[i * k + j] : 0) + (i === j ? regularization[row] : 0)),
  );
  const right = new Float64Array(k);
  for (let e = rows.offsets[row]; e < rows.offsets[row + 1]; e++) {
    const v = factors.subarray(rows.indices[e] * k, (rows.indices[e] + 1) * k);
    const w = rows.values?.[e] ?? 1;
    for (let i = 0; i < k; i++) {
      right[i] += w * (targets?.[e] ?? 1) * v[i];
      for (let j = 0; j < k; j++) matrix[i][j] += w * v[i] * v[j];
    }
  }
  return { matrix, right };
}

function conjugateGradient(matrix: Float64Array[], right: Float64Array, x: Float64Array, steps: number, tolerance: number): void {
  const inverse = matrix.map((row, i) => (row[i] > 0 ? 1 / row[i] : 0));
  const r = right.map((value, i) => value - dot(matrix[i], x));
  const p = r.map((value, i) => value * inverse[i]);
  let energy = dot(r, p);
  const limit = energy * tolerance * tolerance;
  for (let step = 0; step < steps && energy > limit; step++) {
    const q = p.map((_, i) => dot(matrix[i], p));
    const curvature = dot(p, q);
    if (!(curvature > 0)) return;
    for (let i = 0; i < x.length; i++) {
      x[i] += (energy / curvature) * p[i];
      r[i] -= (energy / curvature) * q[i];
    }
    const z = r.map((value, i) => value * inverse[i]);
    const left = dot(r, z);
    for (let i = 0; i < x.length; i++) p[i] = z[i] + (left / energy) * p[i];
    energy = left;
  }
}

/** x[from … to) with the rest fixed, by Gaussian elimination; unchanged if the block is singular. */
function solveBlock(matrix: Float64Array[], right: Float64Array, x: Float64Array, from: number, to: number): void {
  const rows = matrix.slice(from, to).map((row, i) => [...row.subarray(from, to), right[from + i] - dot(row, x)]);
  const n = rows.length;
  for (let i = 0; i < n; i++) {
    if (!(rows[i][i] > 1e-12)) return;
    for (let below = i + 1; below < n; below++) {
      const factor = rows[below][i] / rows[i][i];
      for (let j = i; j <= n; j++) rows[below][j] -= factor * rows[i][j];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) rows[i][n] -= rows[i][j] * rows[j][n];
    rows[i][n] /= rows[i][i];
  }
  for (let i = 0; i < n; i++) x[from + i] += rows[i][n];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
