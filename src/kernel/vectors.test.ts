import { afterAll, expect, test } from "vitest";
import { agreeOnAllBackends, kernelBackends } from "../testing/kernel-backends.ts";
import { seededNormals } from "../testing/normals.ts";
import { axpy, dot } from "./vectors.ts";

const backends = kernelBackends();
afterAll(() => backends.close());

test("dot and axpy match the reference for every length", () => {
  for (const length of [0, 1, 3, 8, 17, 16384, 50001]) {
    const next = seededNormals(length);
    const [x, y] = [next(length), next(length)];
    agreeOnAllBackends(backends, (backend) => Float32Array.of(dot(backend, x, y), Math.sqrt(length)));
    agreeOnAllBackends(backends, (backend) => {
      const sum = y.slice();
      axpy(backend, -0.75, x, sum);
      return sum;
    });
  }
});

test("dot and axpy give numbers worked by hand and reject unequal lengths", () => {
  for (const backend of [backends.reference, backends.builds[0][0], backends.builds[1][0]]) {
    const y = Float32Array.of(4, 5, 6);
    expect(dot(backend, Float32Array.of(1, 2, 3), y)).toBe(32);
    axpy(backend, 2, Float32Array.of(1, 2, 3), y);
    expect([...y]).toEqual([6, 9, 12]);
    expect(() => dot(backend, y, new Float32Array(2))).toThrow(/different lengths, 3 and 2/);
    expect(() => axpy(backend, 1, y, new Float32Array(2))).toThrow(/different lengths, 3 and 2/);
  }
});
