import { expect, test } from "vitest";
import { EventWeighting } from "../learning/event-weighting.ts";
import { anyEvent, resolveObjective } from "./objective.ts";

const names = ["view", "cart", "purchase", "rating"];
const columns = (rows: readonly (readonly [type: number, value: number])[]) => ({
  length: rows.length,
  user: new Uint32Array(rows.length),
  item: new Uint32Array(rows.length),
  type: Uint8Array.from(rows, ([type]) => type),
  value: Float64Array.from(rows, ([, value]) => value),
  time: new Float64Array(rows.length),
});
const weightsOver = (events: ReturnType<typeof columns>, config = {}) => {
  const weights = new EventWeighting(config, () => names);
  weights.observe(events);
  return weights;
};

test("by default the objective is the strongest type in the data", () => {
  const some = columns([
    [0, 1],
    [1, 1],
    [0, 1],
  ]);
  const objective = resolveObjective(undefined, names, weightsOver(some), some);
  expect(objective.label).toBe("cart");
  expect([0, 1, 2].map((type) => objective.gain(type, 1))).toEqual([0, 1, 0]);
  const valued = weightsOver(some, { view: { weight: 10, byValue: true } });
  expect(resolveObjective(undefined, names, valued, some).label).toBe("view");
});

test("a rating below the mean is not a success", () => {
  const ratings = columns([
    [3, 2],
    [3, 4],
  ]);
  const objective = resolveObjective("rating", names, weightsOver(ratings), ratings);
  expect([2, 3, 4].map((value) => objective.gain(3, value))).toEqual([0, 1, 1]);
});

test("values and mixes", () => {
  const none = columns([]);
  const revenue = resolveObjective({ type: "purchase", by: "value" }, names, weightsOver(none), none);
  expect([revenue.gain(2, 30), revenue.gain(2, -1), revenue.gain(2, Number.NaN), revenue.gain(0, 30)]).toEqual([30, 0, 0, 0]);
  expect(revenue.adds).toBe(true);
  const mix = resolveObjective({ view: 1, purchase: 10 }, names, weightsOver(none), none);
  expect([0, 1, 2].map((type) => mix.gain(type, 1))).toEqual([1, 0, 10]);
  expect(mix.adds).toBe(false);
});

test("any event in favor of its item", () => {
  const weights = weightsOver(columns([]), { view: 0 });
  expect([0, 1, 2].map((type) => anyEvent(weights).gain(type, 1))).toEqual([0, 1, 1]);
});
