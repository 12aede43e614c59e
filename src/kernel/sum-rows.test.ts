import { afterAll, describe, expect, test } from "vitest";
import { agreeOnAllBackends, kernelBackends } from "../testing/kernel-backends.ts";
import { seededNormals } from "../testing/normals.ts";
import { sumRows } from "./sum-rows.ts";

const backends = kernelBackends();
afterAll(() => backends.close());

describe("sumRows", () => {
  test("matches the reference, with and without values, on any number of threads", () => {
    for (const [lengths, columns, dimensions] of [
      [[], 2, 4],
      [[0, 1], 1, 4],
      [Array.from({ length: 200 }, (_, i) => (i * 5) % 13), 30, 12],
    ] as [number[], number, number][]) {
      const offsets = new Uint32Array(lengths.length + 1);
      for (let row = 0; row < lengths.length; row++) offsets[row + 1] = offsets[row] + lengths[row];
      const indices = Uint32Array.from({ length: offsets[lengths.length] }, (_, e) => (e * 7) % columns);
      const values = seededNormals(1)(indices.length);
      const factors = seededNormals(2)(columns * dimensions);
      for (const given of [{}, { values }])
        agreeOnAllBackends(backends, (backend) => {
          const out = new Float32Array(lengths.length * dimensions).fill(Number.NaN);
          sumRows(backend, { rows: { rows: lengths.length, columns, offsets, indices, ...given }, factors, dimensions, out });
          return out;
        });
    }
  });

  test("rejects dimensions that are not a multiple of 4", () => {
    const rows = { rows: 0, columns: 0, offsets: new Uint32Array(1), indices: new Uint32Array(0) };
    expect(() => sumRows(backends.reference, { rows, factors: new Float32Array(0), dimensions: 3, out: new Float32Array(0) })).toThrow(
      /multiple of 4/,
    );
  });
});
