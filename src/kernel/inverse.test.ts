import { afterAll, describe, expect, test } from "vitest";
import { agreeOnAllBackends, kernelBackends } from "../testing/kernel-backends.ts";
import { seededNormals } from "../testing/normals.ts";
import { gram } from "./gram.ts";
import { invertSymmetric } from "./inverse.ts";

const backends = kernelBackends();
afterAll(() => backends.close());

/** A Gram matrix of random numbers plus a multiple of the identity. */
function positiveDefinite(size: number, regularization = 0.5): Float32Array {
  const a = seededNormals(size)(2 * size * size);
  const matrix = new Float32Array(size * size);
  gram(backends.builds[0][1], { a, rows: 2 * size, columns: size, out: matrix, scale: 1 / Math.max(1, size) });
  for (let i = 0; i < size; i++) matrix[i * (size + 1)] += regularization;
  return matrix;
}

describe("invertSymmetric", () => {
  test("inverts a matrix worked by hand", () => {
    for (const backend of [backends.reference, ...backends.builds.flat()]) {
      const matrix = Float32Array.of(4, 2, 2, 3);
      invertSymmetric(backend, { matrix, size: 2 });
      expect([...matrix].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([0.375, -0.25, -0.25, 0.5]);
    }
  });

  test("matches the reference for sizes around its blocks", () => {
    for (const size of [0, 1, 3, 8, 63, 64, 65, 127, 129, 200, 261]) {
      const matrix = positiveDefinite(size);
      agreeOnAllBackends(backends, (backend) => {
        const inverse = matrix.slice();
        invertSymmetric(backend, { matrix: inverse, size });
        return inverse;
      });
    }
  });

  test("is symmetric to the bit and reads only the upper triangle", () => {
    const size = 150;
    const matrix = positiveDefinite(size).map((value, at) => (at % size < Math.floor(at / size) ? Number.NaN : value));
    for (const backend of [backends.builds[0][1], backends.builds[1][0], backends.reference]) {
      const inverse = matrix.slice();
      invertSymmetric(backend, { matrix: inverse, size });
      const turned = Float32Array.from(inverse, (_, at) => inverse[(at % size) * size + Math.floor(at / size)]);
      if (backend.name !== "reference") expect(turned).toEqual(inverse);
      expect(inverse.every(Number.isFinite)).toBe(true);
    }
  });

  test("leaves a small residual on badly scaled matrices", () => {
    const size = 300;
    const scales = seededNormals(5)(size).map((value) => Math.exp(3 * value));
    const matrix = positiveDefinite(size, 0.1).map((value, at) => value * scales[Math.floor(at / size)] * scales[at % size]);
    const inverse = matrix.slice();
    invertSymmetric(backends.builds[0][1], { matrix: inverse, size });
    let worst = 0;
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        let sum = 0;
        for (let p = 0; p < size; p++) sum += matrix[i * size + p] * inverse[p * size + j];
        worst = Math.max(worst, Math.abs(sum - (i === j ? 1 : 0)) * (scales[j] / scales[i]));
      }
    expect(worst).toBeLessThan(1e-4);
  });

  test("reports where a matrix is not positive definite", () => {
    for (const backend of [backends.reference, ...backends.builds.flat()])
      for (const [at, value] of [
        [0, 0],
        [137, -1],
        [149, Number.NaN],
        [3, Number.POSITIVE_INFINITY],
      ]) {
        const matrix = positiveDefinite(150);
        matrix[at * 151] = value;
        expect(() => invertSymmetric(backend, { matrix, size: 150 })).toThrow(
          new RegExp(`not positive definite \\(at row ${at} of 150\\)`),
        );
      }
  });
});
