import { expect, test } from "vitest";
import type { ItemTypeTimes } from "../data/event-columns.ts";
import type { EventWeights } from "./event-weights.ts";
import { leftOut } from "./seen.ts";

const types = ["view", "buy", "return", "hide", "unhide", "rate"];
const [view, buy, back, hide, unhide, rate] = types.keys();
const weights: EventWeights = {
  types,
  of: () => 1,
  undoes: (type, other) => (type === back && other === buy) || (type === unhide && other === hide) || (type === rate && other === rate),
  hides: (type) => type === hide,
  retracts: (type) => type === unhide,
};

function events(...rows: [item: number, type: number, time: number][]): ItemTypeTimes {
  return {
    length: rows.length,
    item: Uint32Array.from(rows, ([item]) => item),
    type: Uint8Array.from(rows, ([, type]) => type),
    time: Float64Array.from(rows, ([, , time]) => time),
  };
}

function out(parts: readonly ItemTypeTimes[], seenBy?: readonly number[]) {
  const { seen, hidden } = leftOut(parts, weights, seenBy);
  return { seen: [...new Set(seen)].sort(), hidden: [...new Set(hidden)].sort() };
}

test("everything counts as seen but what only takes back, and what was taken back", () => {
  expect(out([events([1, view, 9], [2, buy, 8], [3, rate, 7], [3, rate, 6])])).toEqual({ seen: [1, 2, 3], hidden: [] });
  expect(out([events([4, unhide, 9], [4, hide, 8], [5, hide, 7])])).toEqual({ seen: [5], hidden: [5] });
  expect(out([events([4, unhide, 9], [4, hide, 8], [4, view, 7])])).toEqual({ seen: [4], hidden: [] });
});

test("only older events are taken back, in whatever order they are given", () => {
  expect(out([events([1, hide, 9], [1, unhide, 8], [1, hide, 7])])).toEqual({ seen: [1], hidden: [1] });
  expect(out([events([1, hide, 7], [2, hide, 9], [1, unhide, 8], [2, unhide, 3])])).toEqual({ seen: [2], hidden: [2] });
  expect(out([events([1, unhide, 1]), events([1, hide, 9], [2, hide, 9])])).toEqual({ seen: [2], hidden: [2] });
  expect(out([events([1, hide, 1]), events([1, unhide, 9])])).toEqual({ seen: [1], hidden: [1] });
});

test("with seenBy, only those types count, until they are taken back", () => {
  const all = events([1, view, 9], [2, back, 8], [2, buy, 7], [3, buy, 6], [4, hide, 5], [3, back, 4]);
  expect(out([all], [buy])).toEqual({ seen: [3], hidden: [4] });
  expect(out([all], [])).toEqual({ seen: [], hidden: [4] });
});
