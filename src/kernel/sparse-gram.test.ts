import { afterAll, describe, expect, test } from "vitest";
import { agreeOnAllBackends, kernelBackends } from "../testing/kernel-backends.ts";
import { randomSparse } from "../testing/random-sparse.ts";
import { sparseGram } from "./sparse-gram.ts";

const backends = kernelBackends();
afterAll(() => backends.close());

describe("sparseGram", () => {
  test("matches the reference on every backend", () => {
    for (const [rows, columns] of [
      [0, 3],
      [4, 0],
      [1, 1],
      [5, 7],
      [300, 133],
      [20, 260],
    ])
      for (const binary of [true, false]) {
        const matrix = randomSparse(rows, rows, columns, 0.1, binary);
        agreeOnAllBackends(backends, (backend) => sparseGram(backend, { matrix }));
      }
  });

  test("counts the rows that have both of two columns", () => {
    const matrix = {
      rows: 3,
      columns: 3,
      offsets: Uint32Array.of(0, 2, 2, 5),
      indices: Uint32Array.of(0, 2, 0, 1, 2),
      values: new Float32Array(5).fill(1),
    };
    for (const backend of [backends.reference, backends.builds[0][1]])
      expect([...sparseGram(backend, { matrix })]).toEqual([2, 1, 2, 1, 1, 1, 2, 1, 2]);
  });
});
