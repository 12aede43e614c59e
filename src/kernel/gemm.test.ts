import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { agreeOnAllBackends, kernelBackends } from "../testing/kernel-backends.ts";
import { seededNormals } from "../testing/normals.ts";
import { createBackend } from "./backend.ts";
import { gemm } from "./gemm.ts";

const backends = kernelBackends();
afterAll(() => backends.close());

describe("gemm", () => {
  test("multiplies numbers worked by hand, in every transposition", () => {
    const a = Float32Array.of(1, 2, 3, 4, 5, 6);
    const b = Float32Array.of(7, 8, 9, 10, 11, 12);
    for (const backend of [backends.reference, ...backends.builds.flat()]) {
      const out = new Float32Array(4);
      gemm(backend, { a, b, out, m: 2, n: 2, k: 3 });
      expect([...out]).toEqual([58, 64, 139, 154]);
      gemm(backend, { a, b, out, m: 2, n: 2, k: 3, transposeB: true });
      expect([...out]).toEqual([50, 68, 122, 167]);
      gemm(backend, { a, b, out, m: 2, n: 2, k: 3, transposeA: true });
      expect([...out]).toEqual([89, 98, 116, 128]);
      gemm(backend, { a, b, out, m: 2, n: 2, k: 3, transposeA: true, transposeB: true, accumulate: true });
      expect([...out]).toEqual([89 + 76, 98 + 103, 116 + 100, 128 + 136]);
    }
  });

  test("matches the reference on random shapes, with the same bits on any number of threads", () => {
    const size = fc.oneof(fc.constantFrom(0, 1, 3, 4, 5, 7, 8, 9, 63, 64, 65), fc.integer({ min: 0, max: 150 }));
    fc.assert(
      fc.property(
        size,
        size,
        size,
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        fc.nat(),
        (m, n, k, transposeA, transposeB, accumulate, seed) => {
          const next = seededNormals(seed);
          const [a, b, start] = [next(m * k), next(k * n), next(m * n)];
          agreeOnAllBackends(backends, (backend) => {
            const out = start.slice();
            gemm(backend, { a, b, out, m, n, k, transposeA, transposeB, accumulate });
            return out;
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  test("matches beyond one block of depth and of columns", () => {
    for (const [m, n, k] of [
      [70, 30, 700],
      [9, 4200, 11],
      [5, 4099, 259],
    ])
      for (const transposeB of [false, true]) {
        const next = seededNormals(m);
        const [a, b] = [next(m * k), next(k * n)];
        agreeOnAllBackends(backends, (backend) => {
          const out = new Float32Array(m * n).fill(Number.NaN);
          gemm(backend, { a, b, out, m, n, k, transposeB });
          return out;
        });
      }
  });

  test("doesn't write past the result, and works on resident arrays", () => {
    const backend = backends.builds[0][1];
    const arena = backend.arena();
    for (const m of [2, 9]) {
      const [a, b, out] = [arena.float32(m * 5).fill(1), arena.float32(5 * 7).fill(2), arena.float32(m * 7 + 3).fill(-1)];
      gemm(backend, { a, b, out, m, n: 7, k: 5 });
      expect(out.subarray(0, m * 7).every((value) => value === 10)).toBe(true);
      expect([...out.subarray(m * 7)]).toEqual([-1, -1, -1]);
      const outside = new Float32Array(m * 7 + 3).fill(-1);
      gemm(backend, { a, b, out: outside, m, n: 7, k: 5 });
      expect([...outside]).toEqual([...out]);
    }
    arena.release();
  });

  test("names an array that is too short", () => {
    const backend = createBackend({ threads: 1 });
    const args = { a: new Float32Array(6), b: new Float32Array(5), out: new Float32Array(4), m: 2, n: 2, k: 3 };
    expect(() => gemm(backend, args)).toThrow(/gemm: `b` has 5 entries; its shape needs 6/);
  });
});
