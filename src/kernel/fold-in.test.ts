import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { agreeOnAllBackends, kernelBackends } from "../testing/kernel-backends.ts";
import { seededNormals } from "../testing/normals.ts";
import { foldIn } from "./fold-in.ts";
import type { FoldInSolver } from "./reference/fold-in.ts";
import { gramReference } from "./reference/gram.ts";
import type { WeightedRows } from "./sparse-rows.ts";

const backends = kernelBackends();
afterAll(() => backends.close());

const solvers: readonly FoldInSolver[] = [
  { method: "cholesky" },
  { method: "conjugate-gradient", steps: 3 },
  { method: "conjugate-gradient", steps: 40, tolerance: 1e-4 },
  { method: "blocks", size: 4, sweeps: 1 },
  { method: "blocks", size: 8, sweeps: 3 },
  { method: "blocks", size: 12, sweeps: 2 },
];

/** Rows with the given lengths, random columns and positive weights. */
function randomRows(lengths: readonly number[], columns: number, seed: number): WeightedRows & { values: Float32Array } {
  const offsets = new Uint32Array(lengths.length + 1);
  for (let row = 0; row < lengths.length; row++) offsets[row + 1] = offsets[row] + lengths[row];
  const normals = seededNormals(seed);
  const entries = offsets[lengths.length];
  const indices = Uint32Array.from(normals(entries), (x) => Math.floor(Math.abs(x) * 1e6) % columns);
  const values = normals(entries).map((x) => Math.abs(x));
  return { rows: lengths.length, columns, offsets, indices, values };
}

function problem(lengths: readonly number[], columns: number, k: number, seed: number) {
  const normals = seededNormals(seed);
  const rows = randomRows(lengths, columns, seed + 1);
  const factors = normals(columns * k).map((x) => x / Math.sqrt(k));
  const gram = new Float32Array(k * k);
  gramReference({ a: factors, rows: columns, columns: k, out: gram, scale: 0.1 });
  const regularization = normals(lengths.length).map((x) => 0.5 + Math.abs(x));
  return { rows, factors, gram, dimensions: k, regularization, targets: normals(rows.indices.length), start: normals(lengths.length * k) };
}

describe("foldIn", () => {
  test("matches the reference for every solver, with and without weights, targets, Gram matrix and start, on any number of threads", () => {
    const shapes: [lengths: number[], columns: number, k: number][] = [
      [[], 3, 4],
      [[0, 1], 2, 4],
      [[1, 0, 3], 5, 4],
      [Array.from({ length: 75 }, (_, i) => (i * 7) % 23), 40, 12],
      [[900, 2, 5, 17], 30, 20],
      [Array.from({ length: 40 }, (_, i) => i), 200, 36],
    ];
    for (const [lengths, columns, k] of shapes)
      for (const solver of solvers)
        for (const [bare, centered] of [
          [false, false],
          [false, true],
          [true, false],
        ]) {
          const { rows, gram, targets, start, ...rest } = problem(lengths, columns, k, lengths.length + k);
          const { values: _, ...binary } = rows;
          agreeOnAllBackends(
            backends,
            (backend) => {
              const out = bare ? new Float32Array(start.length).fill(Number.NaN) : start.slice();
              foldIn(
                backend,
                bare ? { ...rest, rows: binary, out, solver } : { ...rest, rows, gram, targets, out, warm: true, centered, solver },
              );
              return out;
            },
            // If a tolerance ends the steps, rounding may end them one step earlier.
            1e-3,
          );
        }
  });

  test("rows too long for a cache panel give the same results as short ones", () => {
    const { rows, start, ...rest } = problem([9000, 3, 7000], 500, 64, 5);
    for (const solver of [solvers[0], solvers[1], { method: "blocks", size: 32, sweeps: 1 } as const])
      agreeOnAllBackends(
        backends,
        (backend) => {
          const out = start.slice();
          foldIn(backend, { ...rest, rows, out, warm: true, solver });
          return out;
        },
        2e-3,
      );
  });

  test("conjugate gradients and block sweeps reach the exact solution", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(30), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 6 }),
        fc.nat(1000),
        (lengths, quarters, seed) => {
          const { rows, start, ...rest } = problem(lengths, 25, 4 * quarters, seed);
          const solve = (solver: FoldInSolver) => {
            const out = new Float32Array(start.length);
            foldIn(backends.builds[0][1], { ...rest, rows, out, solver });
            return out;
          };
          const exact = solve({ method: "cholesky" });
          const scale = Math.max(1e-3, ...exact.map(Math.abs));
          for (const other of [
            solve({ method: "conjugate-gradient", steps: 200, tolerance: 1e-6 }),
            solve({ method: "blocks", size: 4, sweeps: 200 }),
          ])
            for (let i = 0; i < exact.length; i++) expect(Math.abs(other[i] - exact[i])).toBeLessThan(2e-3 * scale);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("a single row gives the same bits as among others", () => {
    const { rows, targets, ...rest } = problem([5, 300, 0, 40, 7, 9, 12, 31], 100, 24, 9);
    const backend = backends.builds[0][1];
    for (const solver of solvers) {
      const all = new Float32Array(rows.rows * 24);
      foldIn(backend, { ...rest, rows, targets, out: all, solver });
      for (let row = 0; row < rows.rows; row++) {
        const from = rows.offsets[row];
        const to = rows.offsets[row + 1];
        const alone = new Float32Array(24);
        const single = {
          rows: 1,
          columns: 100,
          offsets: Uint32Array.of(0, to - from),
          indices: rows.indices.slice(from, to),
          values: rows.values.slice(from, to),
        };
        foldIn(backend, {
          ...rest,
          rows: single,
          targets: targets.slice(from, to),
          regularization: rest.regularization.slice(row, row + 1),
          out: alone,
          solver,
        });
        expect(alone).toEqual(all.slice(row * 24, (row + 1) * 24));
      }
    }
  });

  test("a system without data or penalty stays at its start", () => {
    const rows = { rows: 1, columns: 1, offsets: Uint32Array.of(0, 0), indices: new Uint32Array(0) };
    for (const backend of [backends.reference, backends.builds[1][0]])
      for (const solver of solvers) {
        const out = Float32Array.of(1, 2, 3, 4);
        foldIn(backend, { rows, factors: new Float32Array(4), dimensions: 4, regularization: Float32Array.of(0), out, warm: true, solver });
        expect([...out]).toEqual([1, 2, 3, 4]);
      }
  });

  test("names mismatched arguments", () => {
    const rows = { rows: 1, columns: 1, offsets: Uint32Array.of(0, 1), indices: Uint32Array.of(0) };
    const args = { rows, factors: new Float32Array(4), regularization: new Float32Array(1), out: new Float32Array(4), solver: solvers[0] };
    expect(() => foldIn(backends.reference, { ...args, dimensions: 3 })).toThrow(/multiple of 4/);
    expect(() => foldIn(backends.reference, { ...args, dimensions: 8 })).toThrow(/`factors` has 4 entries; its shape needs 8/);
  });
});
