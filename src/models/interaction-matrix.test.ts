import { expect, test } from "vitest";
import { interactionMatrix } from "./interaction-matrix.ts";

const bag = {
  rows: 2,
  columns: 3,
  offsets: Uint32Array.of(0, 3, 4),
  indices: Uint32Array.of(0, 1, 2, 1),
  values: Float32Array.of(2, 3, 4, 5),
};

test("the weights of a bag stay, or all become 1", () => {
  expect(interactionMatrix(bag, true)).toBe(bag);
  expect([...interactionMatrix(bag, false).values]).toEqual([1, 1, 1, 1]);
  const ones = { ...bag, values: Float32Array.of(1, 1, 1, 1) };
  expect(interactionMatrix(ones, false)).toBe(ones);
});
