import { expect, test } from "vitest";
import { interactionMatrix } from "./interaction-matrix.ts";

const repeated = {
  rows: 2,
  columns: 3,
  offsets: Uint32Array.of(0, 3, 4),
  indices: Uint32Array.of(0, 0, 2, 1),
  values: Float32Array.of(2, 3, 4, 5),
};

test("a repeated pair appears once: as 1, or with the sum of its weights", () => {
  expect(interactionMatrix(repeated, false)).toEqual({
    ...{ rows: 2, columns: 3, offsets: Uint32Array.of(0, 2, 3) },
    ...{ indices: Uint32Array.of(0, 2, 1), values: Float32Array.of(1, 1, 1) },
  });
  expect([...interactionMatrix(repeated, true).values]).toEqual([5, 4, 5]);
});

test("without repeats the matrix is returned as it is, or with all values 1", () => {
  const plain = { ...repeated, indices: Uint32Array.of(0, 1, 2, 1) };
  expect(interactionMatrix(plain, true)).toBe(plain);
  expect([...interactionMatrix(plain, false).values]).toEqual([1, 1, 1, 1]);
});
