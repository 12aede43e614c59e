/** Maximum iterations of Newton's method, and the step size at which it has converged. */
const ROUNDS = 25;
const ARRIVED = 1e-5;
/** Rows to process before yielding to the event loop: a few milliseconds. */
const SLICE = 4096;

/**
 * Fits P(y = 1) = 1 / (1 + e^-(w · x)) by penalized maximum likelihood, using Newton's method (iteratively reweighted least squares).
 * Yields to the event loop between slices.
 *
 * @param x row-major, y.length x dimensions
 * @param y 0 or 1
 * @param penalties cost of half the squared weight, one per dimension
 * @returns one weight per dimension
 */
export async function logisticRegression(x: Float32Array, y: Uint8Array, penalties: Float64Array): Promise<Float64Array> {
  const dimensions = penalties.length;
  const weights = new Float64Array(dimensions);
  const gradient = new Float64Array(dimensions);
  const curvature = new Float64Array(dimensions * dimensions);
  for (let round = 0; round < ROUNDS; round++) {
    curvature.fill(0);
    for (let a = 0; a < dimensions; a++) {
      gradient[a] = -penalties[a] * weights[a];
      curvature[a * dimensions + a] = penalties[a];
    }
    for (let row = 0; row < y.length; row++) {
      if (row % SLICE === SLICE - 1) await new Promise((resolve) => setTimeout(resolve, 0));
      const at = row * dimensions;
      let sum = 0;
      for (let a = 0; a < dimensions; a++) sum += weights[a] * x[at + a];
      const probability = 1 / (1 + Math.exp(-sum));
      const error = y[row] - probability;
      const spread = Math.max(1e-9, probability * (1 - probability));
      for (let a = 0; a < dimensions; a++) {
        const value = x[at + a];
        if (value === 0) continue;
        gradient[a] += error * value;
        const scaled = spread * value;
        for (let b = 0; b <= a; b++) curvature[a * dimensions + b] += scaled * x[at + b];
      }
    }
    const step = solve(curvature, gradient, dimensions);
    let longest = 0;
    for (let a = 0; a < dimensions; a++) {
      // Far from the solution, a full step can overshoot.
      const move = Math.max(-2, Math.min(2, step[a]));
      weights[a] += move;
      longest = Math.max(longest, Math.abs(move));
    }
    if (longest < ARRIVED) break;
  }
  return weights;
}

/** Solves a symmetric positive definite system by Cholesky factorization. Reads only the lower half of the matrix and overwrites it. */
function solve(matrix: Float64Array, right: Float64Array, n: number): Float64Array {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k] * matrix[j * n + k];
      matrix[i * n + j] = i === j ? Math.sqrt(Math.max(1e-12, sum)) : sum / matrix[j * n + j];
    }
  }
  const solution = Float64Array.from(right);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) solution[i] -= matrix[i * n + k] * solution[k];
    solution[i] /= matrix[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) solution[i] -= matrix[k * n + i] * solution[k];
    solution[i] /= matrix[i * n + i];
  }
  return solution;
}
