import { afterEach, expect, test, vi } from "vitest";
import type { EventInput } from "../../data/events.ts";
import { ORDERS } from "./event-clock.ts";
import { type RowVerbs, rowWriter } from "./row-writer.ts";

const nowhere: RowVerbs = {
  ingest: async () => ({ accepted: 0, duplicates: 0, refused: [] }),
  putItems: async () => ({}),
  putUsers: async () => ({}),
};

afterEach(() => {
  vi.useRealTimers();
});

/** The events that an import begun at a time makes of rows; a string for a row that it refuses. */
function read(begun: number, rows: Record<string, unknown>[], orders?: typeof ORDERS): (EventInput | string)[] {
  vi.useFakeTimers({ now: begun });
  const writer = rowWriter("events", nowhere, { orders });
  return rows.map((row) => writer.read(row) as EventInput | string);
}

const view = { user: "ann", item: "tea", type: "view" };

test("rows without times all have that of the import, and the same keys in the next one", () => {
  const rows = [view, { ...view, item: "cup" }];
  const first = read(1_000_000, rows) as EventInput[];
  expect(first.map(({ time }) => time)).toEqual([1_000_000, 1_000_000]);
  const second = read(9_000_000, rows) as EventInput[];
  expect(second.map(({ key }) => key)).toEqual(first.map(({ key }) => key));
});

test("an order becomes times in that order, and the same keys in the next import", () => {
  const rows = [2, 1, 3].map((time) => ({ ...view, time }));
  const first = read(1e12, rows, ORDERS) as { time: number; key: string }[];
  const [two, one, three] = first.map(({ time }) => time);
  expect(one).toBeLessThan(two);
  expect(two).toBeLessThan(three);
  expect(three).toBeLessThan(1e12);
  const second = read(2e12, rows, ORDERS) as { key: string }[];
  expect(second.map(({ key }) => key)).toEqual(first.map(({ key }) => key));
});

test("what is no order is refused with its value", () => {
  const refused = read(
    1e12,
    [
      { ...view, time: -1 },
      { ...view, time: 86_400_000 },
      { ...view, time: "2026-01-01" },
    ],
    ORDERS,
  );
  expect(refused).toEqual([
    expect.stringContaining("from 0 to 86399999, but is -1"),
    expect.stringContaining("but is 86400000"),
    expect.stringContaining("2026"),
  ]);
});
