import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Dataset } from "../dataset.ts";
import type { Split } from "../split.ts";
import { heldOutUsers } from "./held-out-users.ts";
import { kFold } from "./k-fold.ts";
import { leaveLastOut } from "./leave-last-out.ts";
import { randomHoldout } from "./random-holdout.ts";
import { timePoint } from "./time-point.ts";

/** Data in which the weight of a row is its number, so that rows can be identified after a split. */
const table = (minLength: number) =>
  fc
    .array(
      fc.record({
        user: fc.integer({ min: 0, max: 8 }),
        item: fc.integer({ min: 0, max: 8 }),
        time: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
      }),
      {
        minLength,
        maxLength: 60,
      },
    )
    .map((rows) => Dataset.fromRows(rows.map((row, i) => ({ ...row, time: row.time ?? Number.NaN, weight: i }))));
const seeds = fc.nat(1000);
const fractions = fc.double({ min: 0.05, max: 0.95, noNaN: true });

const rowNumbers = (data: Dataset) => Array.from(data.interactions.weight as Float64Array);
const usersOf = (data: Dataset) => new Set(data.interactions.user);
const numbersUpTo = (n: number) => Array.from({ length: n }, (_, i) => i);

function expectPartition(data: Dataset, parts: readonly Dataset[]): void {
  expect(parts.flatMap(rowNumbers).sort((a, b) => a - b)).toEqual(numbersUpTo(data.size));
  for (const part of parts) {
    expect(rowNumbers(part)).toEqual([...rowNumbers(part)].sort((a, b) => a - b));
    expect(part.users).toBe(data.users);
    expect(part.items).toBe(data.items);
    for (const row of rowNumbers(part).keys()) {
      const original = rowNumbers(part)[row];
      expect(part.interactions.item[row]).toBe(data.interactions.item[original]);
      expect(part.interactions.time?.[row]).toEqual(data.interactions.time?.[original]);
    }
  }
}

function ofUser(data: Dataset, user: number): { row: number; time: number }[] {
  return rowNumbers(data)
    .map((row, i) => ({
      row,
      time: Number.isNaN(data.interactions.time?.[i]) ? Number.NEGATIVE_INFINITY : (data.interactions.time?.[i] as number),
      user: data.interactions.user[i],
    }))
    .filter((entry) => entry.user === user);
}

const same = (a: Split, b: Split) => {
  expect(rowNumbers(a.train)).toEqual(rowNumbers(b.train));
  expect(rowNumbers(a.test)).toEqual(rowNumbers(b.test));
};

describe("every split", () => {
  it("puts each interaction in one part, and the same seed gives the same split", () => {
    fc.assert(
      fc.property(table(12), seeds, fractions, fc.constantFrom("user", "all"), (data, seed, fraction, by) => {
        const splits: (() => Split)[] = [
          () => randomHoldout(data, { fraction, seed, by: by as "user" | "all" }),
          () => kFold(data, { folds: 3, seed })[1],
          () => leaveLastOut(data, { n: 2 }),
        ];
        for (const split of splits) {
          const { train, test } = split();
          expectPartition(data, [train, test]);
          same(split(), { train, test });
        }
      }),
    );
  });

  it("records how it was made so that it can be repeated, and can be split again", () => {
    const data = Dataset.fromRows(numbersUpTo(100).map((i) => ({ user: i % 10, item: i, time: i, weight: i })));
    for (const [split, arguments_] of [
      [randomHoldout(data), { method: "random-holdout", fraction: 0.2, seed: 0, by: "user" }],
      [kFold(data, { folds: 4, seed: 3 })[2], { method: "k-fold", folds: 4, seed: 3, fold: 2 }],
      [leaveLastOut(data), { method: "leave-last-out", n: 1 }],
      [timePoint(data, { at: 70 }), { method: "time-point", at: 70 }],
      [timePoint(data), { method: "time-point", at: 80, fraction: 0.2 }],
      [heldOutUsers(data, { users: 2, seed: 1 }), { method: "held-out-users", users: 2, historyFraction: 0.8, seed: 1 }],
    ] as const) {
      expect(split.train.provenance.at(-1)).toEqual({ step: "split", ...arguments_, part: "train" });
      expect(split.test.provenance.at(-1)).toEqual({ step: "split", ...arguments_, part: "test" });
      const inner = leaveLastOut(split.train);
      expect(inner.train.size + inner.test.size).toBe(split.train.size);
      const testRows = new Set(rowNumbers(split.test));
      expect([...rowNumbers(inner.train), ...rowNumbers(inner.test)].some((row) => testRows.has(row))).toBe(false);
      expect(inner.train.provenance).toHaveLength(3);
    }
  });

  it("works for data with no rows or one row", () => {
    for (const rows of [[], [{ user: 1, item: 1, time: 5 }]]) {
      const data = Dataset.fromRows(rows);
      expect(randomHoldout(data).test.size).toBe(0);
      expect(leaveLastOut(data).test.size).toBe(0);
      expect(() => kFold(data)).toThrowError(/Can't cut/);
      expect(() => heldOutUsers(data)).toThrowError(/Can't hold out/);
    }
  });

  it.each([
    () => randomHoldout(Dataset.fromRows([]), { fraction: 1 }),
    () => randomHoldout(Dataset.fromRows([]), { seed: -1 }),
    () => kFold(Dataset.fromRows([]), { folds: 1 }),
    () => leaveLastOut(Dataset.fromRows([]), { n: 0 }),
    () => heldOutUsers(Dataset.fromRows([]), { users: 1.5 }),
    () => heldOutUsers(Dataset.fromRows([]), { historyFraction: 0 }),
    () => timePoint(Dataset.fromRows([{ user: 1, item: 1, time: 1 }]), { at: 1, fraction: 0.5 }),
    () => timePoint(Dataset.fromRows([{ user: 1, item: 1, time: 1 }]), { at: Number.NaN }),
  ])("rejects arguments out of range: %s", (split) => expect(split).toThrowError(expect.objectContaining({ code: "bad-option" })));
});

describe("randomHoldout", () => {
  it("holds out the share of every user, and leaves each at least one interaction", () => {
    fc.assert(
      fc.property(table(1), seeds, fractions, (data, seed, fraction) => {
        const { train, test } = randomHoldout(data, { fraction, seed });
        for (const user of usersOf(data)) {
          const all = ofUser(data, user).length;
          expect(ofUser(test, user)).toHaveLength(Math.min(Math.floor(fraction * all + 0.5), all - 1));
          expect(ofUser(train, user).length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("holds out the share of all interactions together", () => {
    const data = Dataset.fromRows(numbersUpTo(1000).map((i) => ({ user: i % 3, item: i, weight: i })));
    expect(randomHoldout(data, { by: "all", fraction: 0.3 }).test.size).toBe(300);
  });

  it("holds out every row equally often, over many seeds", () => {
    const data = Dataset.fromRows(numbersUpTo(10).map((i) => ({ user: 0, item: i, weight: i })));
    const times = new Float64Array(10);
    for (let seed = 0; seed < 2000; seed++) for (const row of rowNumbers(randomHoldout(data, { fraction: 0.3, seed }).test)) times[row]++;
    // 600 expected, with a standard deviation of 20.5.
    for (const count of times) expect(Math.abs(count - 600)).toBeLessThan(100);
  });
});

describe("kFold", () => {
  it("holds out every row exactly once, in folds of equal size", () => {
    fc.assert(
      fc.property(table(7), fc.integer({ min: 2, max: 7 }), seeds, (data, folds, seed) => {
        const splits = kFold(data, { folds, seed });
        expectPartition(
          data,
          splits.map(({ test }) => test),
        );
        for (const { train, test } of splits) {
          expectPartition(data, [train, test]);
          expect([Math.floor(data.size / folds), Math.ceil(data.size / folds)]).toContain(test.size);
        }
      }),
    );
  });
});

describe("leaveLastOut", () => {
  it("trains on nothing later than a test of that user; ties go by row, unknown times come first", () => {
    fc.assert(
      fc.property(table(1), fc.integer({ min: 1, max: 3 }), (data, n) => {
        const { train, test } = leaveLastOut(data, { n });
        for (const user of usersOf(data)) {
          const before = ofUser(train, user);
          const after = ofUser(test, user);
          expect(after).toHaveLength(Math.min(n, before.length + after.length - 1));
          for (const early of before)
            for (const late of after) expect(early.time < late.time || (early.time === late.time && early.row < late.row)).toBe(true);
        }
      }),
    );
  });

  it("uses the row order if there are no times", () => {
    const data = Dataset.fromRows(numbersUpTo(6).map((i) => ({ user: i % 2, item: i, weight: i })));
    expect(rowNumbers(leaveLastOut(data, { n: 2 }).test)).toEqual([2, 3, 4, 5]);
  });
});

describe("timePoint", () => {
  it("trains on nothing at or after the cut, for any user", () => {
    fc.assert(
      fc.property(table(1), fc.integer({ min: 0, max: 13 }), (data, at) => {
        const times = Array.from(data.interactions.time as Float64Array);
        const late = times.filter((time) => time >= at).length;
        if (late === 0 || late === data.size) expect(() => timePoint(data, { at })).toThrowError(/would be empty/);
        else {
          const { train, test } = timePoint(data, { at });
          expectPartition(data, [train, test]);
          expect(test.size).toBe(late);
          for (const time of train.interactions.time as Float64Array) expect(time >= at).toBe(false);
        }
      }),
    );
  });

  it("holds out as much of the share as it can without splitting rows with equal times", () => {
    fc.assert(
      fc.property(table(1), fractions, (data, fraction) => {
        const times = Array.from(data.interactions.time as Float64Array);
        let split: Split;
        try {
          split = timePoint(data, { fraction });
        } catch (error) {
          const last = Math.max(...times.map((time) => (Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time)));
          const most = Math.floor(fraction * data.size + 1e-9);
          expect((error as Error).message).toMatch(/less than one|latest time|would be empty/);
          expect(times.filter((time) => time >= last || last === Number.NEGATIVE_INFINITY).length > most || most === 0).toBe(true);
          return;
        }
        expectPartition(data, [split.train, split.test]);
        const { at } = split.test.provenance.at(-1) as unknown as { at: number };
        expect(split.test.size).toBeLessThanOrEqual(fraction * data.size + 1e-6);
        // One time step earlier would have been too much.
        const before = Math.max(
          ...times.map((time) => (time >= at ? Number.NEGATIVE_INFINITY : Number.isNaN(time) ? -Number.MAX_VALUE : time)),
        );
        expect(times.filter((time) => (Number.isNaN(time) ? -Number.MAX_VALUE : time) >= before).length).toBeGreaterThan(
          Math.floor(fraction * data.size + 1e-9),
        );
      }),
    );
  });

  it("needs times", () =>
    expect(() => timePoint(Dataset.fromRows([{ user: 1, item: 1 }]))).toThrowError(expect.objectContaining({ code: "unsupported" })));
});

describe("heldOutUsers", () => {
  it("trains on no held-out user, shows part of each history and tests on the rest", () => {
    fc.assert(
      fc.property(table(20), fc.integer({ min: 1, max: 3 }), fractions, seeds, (data, users, historyFraction, seed) => {
        const able = [...usersOf(data)].filter((user) => ofUser(data, user).length >= 2);
        fc.pre(users <= able.length && users < usersOf(data).size);
        const split = heldOutUsers(data, { users, historyFraction, seed });
        expectPartition(data, [split.train, split.history, split.test]);
        expect(usersOf(split.test).size).toBe(users);
        expect(usersOf(split.history)).toEqual(usersOf(split.test));
        for (const user of usersOf(split.test)) {
          expect(usersOf(split.train).has(user)).toBe(false);
          const all = ofUser(data, user).length;
          expect(ofUser(split.history, user)).toHaveLength(Math.min(Math.max(Math.round(historyFraction * all), 1), all - 1));
        }
        const again = heldOutUsers(data, { users, historyFraction, seed });
        same(split, again);
        expect(rowNumbers(split.history)).toEqual(rowNumbers(again.history));
      }),
    );
  });

  it("takes a share of the users that have interactions", () => {
    const data = Dataset.fromRows(numbersUpTo(200).map((i) => ({ user: i % 40, item: i, weight: i })));
    expect(usersOf(heldOutUsers(data, { users: 0.25 }).test).size).toBe(10);
    expect(usersOf(heldOutUsers(data, { users: 0.25, seed: 1 }).test)).not.toEqual(
      usersOf(heldOutUsers(data, { users: 0.25, seed: 2 }).test),
    );
  });
});
