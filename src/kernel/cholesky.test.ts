import { afterAll, describe, expect, test } from "vitest";
import { agreeOnAllBackends, kernelBackends } from "../testing/kernel-backends.ts";
import { seededNormals } from "../testing/normals.ts";
import { choleskySolve } from "./cholesky.ts";
import { conjugateGradient } from "./conjugate-gradient.ts";

const backends = kernelBackends();
afterAll(() => backends.close());

/** Random systems with a Gram matrix plus a multiple of the identity. */
function systems(count: number, size: number): { matrices: Float32Array; rhs: Float32Array } {
  const next = seededNormals(count * 1000 + size);
  const matrices = new Float32Array(count * size * size);
  for (let s = 0; s < count; s++) {
    const a = next(2 * size * size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        let sum = i === j ? 1 : 0;
        for (let r = 0; r < 2 * size; r++) sum += (a[r * size + i] * a[r * size + j]) / size;
        matrices[(s * size + i) * size + j] = sum;
      }
  }
  return { matrices, rhs: next(count * size) };
}

describe("choleskySolve", () => {
  test("matches the reference for every size around the register tile", () => {
    for (const size of [0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 31, 64, 65, 130])
      for (const count of [0, 1, size > 60 ? 3 : 40]) {
        const { matrices, rhs } = systems(count, size);
        agreeOnAllBackends(backends, (backend) => {
          const x = rhs.slice();
          choleskySolve(backend, { matrices, rhs: x, count, size });
          return x;
        });
      }
  });

  test("leaves the matrices unchanged and reads only the upper triangles", () => {
    const { matrices, rhs } = systems(3, 9);
    const upper = matrices.map((value, at) => (at % 9 < Math.floor(at / 9) % 9 ? Number.NaN : value));
    const kept = upper.slice();
    agreeOnAllBackends(backends, (backend) => {
      const x = rhs.slice();
      choleskySolve(backend, { matrices: upper, rhs: x, count: 3, size: 9 });
      return x;
    });
    expect(upper).toEqual(kept);
  });

  test("reports which matrix is not positive definite, and never returns NaN", () => {
    for (const backend of [backends.reference, ...backends.builds.flat()])
      for (const spoil of [-3, 0, Number.NaN, Number.POSITIVE_INFINITY]) {
        const { matrices, rhs } = systems(50, 6);
        matrices[(37 * 6 + 5) * 6 + 5] = spoil;
        expect(() => choleskySolve(backend, { matrices, rhs, count: 50, size: 6 })).toThrow(
          /choleskySolve: matrix 37 of 50 is not positive definite/,
        );
        expect(rhs.every(Number.isFinite)).toBe(true);
      }
  });

  test("recognizes a singular matrix", () => {
    const u = Float32Array.of(0.1, 0.7, -0.3, 1.9, 0.4);
    const matrices = Float32Array.from({ length: 25 }, (_, at) => u[Math.floor(at / 5)] * u[at % 5]);
    for (const backend of [backends.reference, backends.builds[0][0], backends.builds[1][0]])
      expect(() => choleskySolve(backend, { matrices, rhs: new Float32Array(5), count: 1, size: 5 })).toThrow(/not positive definite/);
  });
});

describe("conjugateGradient", () => {
  test("matches the reference after a few steps, from a warm start", () => {
    for (const size of [1, 2, 3, 4, 5, 8, 11, 12, 33, 64, 70])
      for (const steps of [0, 1, 3]) {
        const { matrices, rhs } = systems(20, size);
        const start = seededNormals(3)(20 * size);
        agreeOnAllBackends(
          backends,
          (backend) => {
            const solutions = start.slice();
            conjugateGradient(backend, { matrices, rhs, solutions, count: 20, size, steps });
            return solutions;
          },
          1e-4,
        );
      }
  });

  test("reaches the Cholesky solution in enough steps", () => {
    const { matrices, rhs } = systems(10, 24);
    const exact = rhs.slice();
    choleskySolve(backends.reference, { matrices, rhs: exact, count: 10, size: 24 });
    for (const backend of [backends.reference, backends.builds[0][1], backends.builds[1][1]]) {
      const solutions = new Float32Array(240);
      conjugateGradient(backend, { matrices, rhs, solutions, count: 10, size: 24, steps: 40 });
      for (let i = 0; i < 240; i++) expect(Math.abs(solutions[i] - exact[i])).toBeLessThan(1e-4);
    }
  });

  test("reports which matrix is not positive definite", () => {
    for (const backend of [backends.reference, ...backends.builds.flat()])
      for (const spoil of [-30, Number.NaN]) {
        const { matrices, rhs } = systems(8, 5);
        matrices[3 * 25] = spoil;
        const args = { matrices, rhs, solutions: new Float32Array(40), count: 8, size: 5, steps: 5 };
        expect(() => conjugateGradient(backend, args)).toThrow(/conjugateGradient: matrix 3 of 8 is not positive definite/);
        expect(args.solutions.every(Number.isFinite)).toBe(true);
      }
  });
});
