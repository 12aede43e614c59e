import { afterAll, describe, expect, test } from "vitest";
import { agreeOnAllBackends, kernelBackends } from "../testing/kernel-backends.ts";
import { seededNormals } from "../testing/normals.ts";
import { gram } from "./gram.ts";

const backends = kernelBackends();
afterAll(() => backends.close());

describe("gram", () => {
  test("matches the reference on small, odd, tall and wide shapes", () => {
    for (const [rows, columns] of [
      [0, 3],
      [1, 1],
      [5, 7],
      [300, 8],
      [257, 65],
      [2500, 13],
      [3, 530],
      [40, 600],
      [300, 515],
    ])
      for (const scale of [1, 0.5]) {
        const a = seededNormals(rows + columns)(rows * columns);
        agreeOnAllBackends(backends, (backend) => {
          const out = new Float32Array(columns * columns).fill(Number.NaN);
          gram(backend, { a, rows, columns, out, scale });
          return out;
        });
      }
  });

  test("is symmetric to the bit", () => {
    for (const columns of [37, 520]) {
      const a = seededNormals(1)(50 * columns);
      const out = new Float32Array(columns * columns);
      gram(backends.builds[0][1], { a, rows: 50, columns, out });
      const turned = Float32Array.from(out, (_, at) => out[(at % columns) * columns + Math.floor(at / columns)]);
      expect(out).toEqual(turned);
    }
  });

  test("names an array that is too short", () => {
    const out = new Float32Array(3);
    expect(() => gram(backends.reference, { a: new Float32Array(4), rows: 2, columns: 2, out })).toThrow(
      /`out` has 3 entries; its shape needs 4/,
    );
  });
});
