import { expect, test } from "vitest";
import type { UserEvents } from "../data/event-columns.ts";
import type { EventWeights } from "./event-weights.ts";
import { activityOf, noActivity } from "./history.ts";

const weights: EventWeights = {
  types: ["view", "buy", "dislike", "stars"],
  of: (type, value) => (type === 3 ? value : [1, 5, -2][type]),
};

function recent(...rows: [item: number, type: number, time: number, value?: number][]): UserEvents {
  return {
    length: rows.length,
    item: Uint32Array.from(rows, ([item]) => item),
    type: Uint8Array.from(rows, ([, type]) => type),
    time: Float64Array.from(rows, ([, , time]) => time),
    value: Float64Array.from(rows, ([, , , value]) => value ?? 1),
  };
}

/** What a place in the history costs. */
const aPlaceOlder = Math.fround(2 ** (-1 / 16));

test("an item weighs half as much as one 16 places newer", () => {
  const { history } = activityOf(
    recent(...Array.from({ length: 40 }, (_, i): [number, number, number] => [i, 0, 100 - i])),
    undefined,
    weights,
    undefined,
  );
  for (const place of [0, 7, 23]) expect(history.weights[place + 16] / history.weights[place]).toBeCloseTo(1 / 2, 6);
});

test("each item is listed once, newest first, with summed weights; sums that aren't positive are dropped", () => {
  const { history, seen } = activityOf(
    recent([7, 0, 90], [3, 2, 80], [7, 1, 70], [3, 0, 60], [9, 3, 50, 4]),
    undefined,
    weights,
    undefined,
  );
  expect([...history.items]).toEqual([7, 9]);
  expect([...history.weights]).toEqual([6, Math.fround(4 * 2 ** (-1 / 16))]);
  expect([...history.times]).toEqual([90, 50]);
  expect(new Set(seen)).toEqual(new Set([7, 3, 9]));
});

test("session events come before stored ones", () => {
  const { history, recent: all } = activityOf(recent([1, 0, 10], [2, 0, 5]), recent([2, 1, 30], [4, 0, 20]), weights, undefined);
  expect([...history.items]).toEqual([2, 4, 1]);
  expect([...history.weights]).toEqual([6, aPlaceOlder, Math.fround(2 ** (-2 / 16))]);
  expect([...all.item]).toEqual([2, 4, 1, 2]);
});

test("only the given event types mark an item as seen", () => {
  const { history, seen } = activityOf(recent([1, 0, 10], [2, 1, 5]), undefined, weights, [1]);
  expect([...history.items]).toEqual([1, 2]);
  expect([...seen]).toEqual([2]);
});

test("no events give an empty history", () => {
  expect(activityOf(noActivity, undefined, weights, undefined).history.items).toHaveLength(0);
});

test("columns may be longer than their contents", () => {
  const rows = { ...recent([1, 0, 10], [2, 0, 5], [3, 0, 1]), length: 2 };
  expect([...activityOf(rows, undefined, weights, undefined).history.items]).toEqual([1, 2]);
});
