import fc from "fast-check";
import { expect, test } from "vitest";
import type { EventColumns, UserEvents } from "../../data/event-columns.ts";
import { RecentLog } from "./recent-log.ts";

interface Row {
  readonly user: number;
  readonly item: number;
  readonly time: number;
}

function columns(rows: readonly Row[]): EventColumns {
  return {
    length: rows.length,
    user: Uint32Array.from(rows, ({ user }) => user),
    item: Uint32Array.from(rows, ({ item }) => item),
    type: Uint8Array.from(rows, ({ item }) => item % 5),
    value: Float64Array.from(rows, ({ item }) => (item % 3 === 0 ? 0.5 : 1)),
    time: Float64Array.from(rows, ({ time }) => time),
  };
}

function told({ length, item, type, value, time }: UserEvents): string[] {
  return Array.from({ length }, (_, i) => `${item[i]} ${type[i]} ${value[i]} ${time[i]}`);
}

/** The same by the plainest means. */
function expected(rows: readonly Row[], user: number, limit: number): string[] {
  const newest = rows
    .filter((row) => row.user === user)
    .reverse()
    .sort((a, b) => b.time - a.time)
    .slice(0, limit);
  return newest.map(({ item, time }) => `${item} ${item % 5} ${item % 3 === 0 ? 0.5 : 1} ${time}`);
}

function olderOf(log: RecentLog, user: number): string[] {
  const { length, item, type, time } = log.older(user) ?? { length: 0, item: [], type: [], time: [] };
  return Array.from({ length }, (_, i) => `${item[i]} ${type[i]} ${time[i]}`).sort();
}

function expectedOlder(rows: readonly Row[], user: number, limit: number): string[] {
  const byTime = rows.filter((row) => row.user === user).sort((a, b) => a.time - b.time);
  const last = new Map(byTime.slice(0, Math.max(0, byTime.length - limit)).map(({ item, time }) => [item, time]));
  return Array.from(last, ([item, time]) => `${item} ${item % 5} ${time}`).sort();
}

/** `late` is how long before the event before it one happened. */
const row = fc.record({ user: fc.nat(6), item: fc.nat(50), late: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(100)) });
const step = fc.oneof(
  { weight: 5, arbitrary: fc.array(row, { maxLength: 30 }) },
  { weight: 1, arbitrary: fc.record({ before: fc.nat(200) }) },
  { weight: 1, arbitrary: fc.record({ forget: fc.nat(6) }) },
  { weight: 1, arbitrary: fc.constant("trim" as const) },
);

test("a log of newest events answers as if it had kept all", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const log = new RecentLog(4);
      let rows: Row[] = [];
      const forgotten = new Set<number>();
      let clock = 0;
      for (const next of steps) {
        if (Array.isArray(next)) {
          // An index that was given up is not used again.
          const more = next
            .filter(({ user }) => !forgotten.has(user))
            .map(({ user, item, late }) => ({ user, item, time: clock++ - late }));
          log.append(columns(more), 0, 7);
          rows.push(...more);
        } else if (next === "trim") log.trim();
        else if ("before" in next) {
          rows = rows.filter(({ time }) => time >= next.before);
          log.trim(next.before);
        } else {
          log.forget(next.forget);
          forgotten.add(next.forget);
          rows = rows.filter(({ user }) => user !== next.forget);
        }
        for (let user = 0; user < 8; user++) {
          expect(told(log.read(user, 4))).toEqual(expected(rows, user, 4));
          expect(told(log.read(user, 2))).toEqual(expected(rows, user, 2));
          // Not after every step, since reading tidies up.
          if (steps.length % 3 !== user % 3) expect(olderOf(log, user)).toEqual(expectedOlder(rows, user, 4));
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("lets go of what no list reaches, over many pages", () => {
  const [users, limit] = [1000, 50];
  const log = new RecentLog(limit);
  const rows: Row[] = Array.from({ length: 300_000 }, (_, i) => ({ user: i % 3 === 0 ? 7 : i % users, item: i % 997, time: 1000 + i }));
  for (let i = 0; i < rows.length; i += 10_000) log.append(columns(rows.slice(i, i + 10_000)), 0, users);
  expect(log.held).toBeLessThan(2 * users * limit + 65_536);
  for (const user of [7, 8, 998, 999]) expect(told(log.read(user, limit))).toEqual(expected(rows, user, limit));
  log.trim();
  expect(log.held).toBe(users * limit);
  for (const user of [7, 8, 998, 999]) expect(told(log.read(user, limit))).toEqual(expected(rows, user, limit));
});

test("rows in any order of their times, over many pages, are read newest first", () => {
  const [users, limit] = [200, 60];
  const times: readonly ((i: number) => number)[] = [
    (i) => 1_000_000 - i,
    (i) => (i * 7919) % 250_007,
    (i) => i - 30 * (i % 40),
    (i) => (i < 100_000 ? 500_000 + i : i),
  ];
  for (const timeOf of times) {
    const log = new RecentLog(limit);
    const rows: Row[] = Array.from({ length: 200_000 }, (_, i) => ({ user: i % 3 === 0 ? 7 : i % users, item: i % 997, time: timeOf(i) }));
    for (let i = 0; i < rows.length; i += 9000) {
      log.append(columns(rows.slice(i, i + 9000)), 0, users);
      if (i % 27_000 === 0) expect(told(log.read(7, limit))).toEqual(expected(rows.slice(0, i + 9000), 7, limit));
    }
    expect(log.held).toBeLessThan(2 * users * limit + 65_536);
    for (const user of [7, 8, 198]) expect(told(log.read(user, limit))).toEqual(expected(rows, user, limit));
    log.trim(100_000);
    const left = rows.filter(({ time }) => time >= 100_000);
    for (const user of [7, 8, 199]) {
      expect(told(log.read(user, limit))).toEqual(expected(left, user, limit));
      expect(olderOf(log, user)).toEqual(expectedOlder(left, user, limit));
    }
  }
});
