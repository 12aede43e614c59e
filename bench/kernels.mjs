// @ts-check
// Measures the kernels without any model: node bench/kernels.mjs [threads], after npm run build.
import {
  axpy,
  choleskySolve,
  conjugateGradient,
  createBackend,
  dot,
  gemm,
  gram,
  invertSymmetric,
  topKDense,
  topKInner,
  topKScores,
} from "recobase/kernel";

const threads = process.argv[2] === undefined ? undefined : Number(process.argv[2]);
const backend = createBackend({ threads });
const arena = backend.arena();
/** @type {Record<string, string>[]} */
const table = [];

/**
 * The best of several runs.
 * @param {string} kernel
 * @param {string} shape
 * @param {number} work units done by one run
 * @param {string} unit
 * @param {() => void} run
 */
function measure(kernel, shape, work, unit, run) {
  let best = Number.POSITIVE_INFINITY;
  const end = performance.now() + 1500;
  for (let i = 0; i < 2 || (i < 50 && performance.now() < end); i++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  const rate = work / (best / 1000);
  table.push({
    kernel,
    shape,
    ms: best.toPrecision(4),
    rate: rate >= 1000 ? Math.round(rate).toLocaleString("en") : rate.toPrecision(3),
    unit,
  });
}

/** @param {number} length */
function numbers(length) {
  const made = arena.float32(length);
  // Any numbers of moderate size will do.
  for (let i = 0, state = 1; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    made[i] = state / 2 ** 31 - 1;
  }
  return made;
}

/**
 * `count` matrices with a dominant diagonal.
 * @param {number} count
 * @param {number} size
 */
function positiveDefinite(count, size) {
  const made = numbers(count * size * size);
  for (let s = 0; s < count; s++) {
    const matrix = made.subarray(s * size * size, (s + 1) * size * size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < i; j++) matrix[i * size + j] = matrix[j * size + i];
      matrix[i * size + i] = size;
    }
  }
  return made;
}

{
  const [x, y] = [numbers(1e6), numbers(1e6)];
  measure("dot", "1,000,000", 2e-3, "GFLOP/s", () => dot(backend, x, y));
  measure("axpy", "1,000,000", 2e-3, "GFLOP/s", () => axpy(backend, 1e-3, x, y));
}
for (const [m, n, k] of [
  [2048, 2048, 2048],
  [30_000, 512, 64],
  [64, 20_000, 256],
  [1, 100_000, 64],
])
  for (const transposeB of [false, true]) {
    const [a, b, out] = [numbers(m * k), numbers(k * n), arena.float32(m * n)];
    const shape = `${m} x ${k} by ${k} x ${n}${transposeB ? " transposed" : ""}`;
    measure("gemm", shape, 2e-9 * m * n * k, "GFLOP/s", () => gemm(backend, { a, b, out, m, n, k, transposeB }));
  }
for (const [rows, columns] of [
  [40_000, 64],
  [40_000, 128],
  [4000, 1000],
]) {
  const [a, out] = [numbers(rows * columns), arena.float32(columns * columns)];
  // Half of the products, since the result is symmetric.
  measure("gram", `${rows} x ${columns}`, 1e-9 * rows * columns * columns, "GFLOP/s", () => gram(backend, { a, rows, columns, out }));
}
for (const size of [8, 16, 32, 64, 128, 256]) {
  const count = Math.min(20_000, Math.ceil(1e7 / size / size));
  const [matrices, rhs, solutions] = [positiveDefinite(count, size), numbers(count * size), arena.float32(count * size)];
  const args = { matrices, rhs, solutions, count, size };
  measure("choleskySolve", `${count} of ${size}`, count, "systems/s", () => choleskySolve(backend, args));
  measure("conjugateGradient", `${count} of ${size}, 3 steps`, count, "systems/s", () => {
    solutions.fill(0);
    conjugateGradient(backend, { ...args, steps: 3 });
  });
}
for (const size of [500, 2000, 3706]) {
  const start = positiveDefinite(1, size);
  const matrix = arena.float32(size * size);
  measure("invertSymmetric", `${size}`, 1e-9 * size ** 3, "GFLOP/s", () => {
    matrix.set(start);
    invertSymmetric(backend, { matrix, size });
  });
}
{
  const [rows, items, k] = [2000, 40_000, 100];
  const scores = numbers(rows * 4000);
  measure("topKScores", `${rows} x 4000, best ${k}`, rows, "rows/s", () => topKScores(backend, { scores, rows, items: 4000, k }));
  for (const dimensions of [64, 128]) {
    const [queries, factors] = [numbers(rows * dimensions), numbers(items * dimensions)];
    const args = { queries, rows, factors, items, dimensions, k };
    measure("topKInner", `${rows} x ${items} x ${dimensions}, best ${k}`, rows, "rows/s", () => topKInner(backend, args));
    const one = { ...args, queries: queries.subarray(0, dimensions), rows: 1 };
    measure("topKInner", `1 x ${items} x ${dimensions}, best ${k}`, 1, "rows/s", () => topKInner(backend, one));
  }
}
{
  const [rows, items, length] = [2000, 3706, 165];
  const offsets = Uint32Array.from({ length: rows + 1 }, (_, row) => row * length);
  const indices = Uint32Array.from({ length: rows * length }, (_, at) => (at % length) * 22 + (Math.floor(at / length) % 22));
  const histories = { rows, columns: items, offsets, indices, values: new Float32Array(rows * length).fill(1) };
  const matrix = numbers(items * items);
  const run = () => topKDense(backend, { histories, matrix, items, k: 100, exclude: histories });
  measure("topKDense", `${rows} histories of ${length}, ${items} items, best 100`, rows, "rows/s", run);
}
arena.release();
backend.close();

console.log(`${backend.name}, ${backend.threads} threads, Node ${process.version}`);
console.table(table);
