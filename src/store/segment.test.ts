import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RecoError } from "../util/errors.ts";
import { narrow, narrowTimes, widen, widenTimes } from "./log/narrow.ts";
import { mergeSegments, type PlacedSegment, withoutRows } from "./log/segment-edit.ts";
import { readSegment, type Segment, textColumns, writeSegment } from "./segment.ts";

/** A row in the plainest form, for comparing. */
interface Row {
  user: number;
  item: number;
  type: number;
  value: number;
  time: number;
  key: [number, number];
  session: string | undefined;
  context: string | undefined;
  recommendation: string | undefined;
  origin: string | undefined;
}

const u32 = fc.oneof(fc.nat(300), fc.nat(70_000), fc.integer({ min: 0, max: 0xffffffff }));
const time = fc.oneof(
  fc.integer({ min: 1_700_000_000_000, max: 1_700_000_100_000 }),
  fc.integer({ min: 0, max: 2_000_000_000 }).map((seconds) => seconds * 1000),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const text = fc.option(fc.oneof(fc.constantFrom("a", "b", "🧀", ""), fc.string({ unit: "binary" })), { nil: undefined });
const row: fc.Arbitrary<Row> = fc.record({
  user: u32,
  item: u32,
  type: fc.nat(255),
  value: fc.oneof(fc.constant(1), fc.float({ noNaN: true }), fc.double({ noNaN: true })),
  time,
  key: fc.oneof(fc.constant<[number, number]>([0, 0]), fc.tuple(fc.integer({ min: 1, max: 0xffffffff }), u32)),
  session: text,
  context: text,
  recommendation: text,
  origin: text,
});
const rows = fc.array(row, { maxLength: 40 });
const ids = fc.array(fc.option(fc.string({ unit: "binary" }), { nil: null }), { maxLength: 4 });

function segmentOf(list: readonly Row[], more: Partial<Segment> = {}): Segment {
  const column = (name: (typeof textColumns)[number]) => {
    const texts = [...new Set(list.map((one) => one[name]).filter((value) => value !== undefined))];
    const codes = Uint32Array.from(list, (one) => (one[name] === undefined ? 0 : texts.indexOf(one[name]) + 1));
    return texts.length === 0 ? undefined : { codes, texts };
  };
  return {
    length: list.length,
    user: Uint32Array.from(list, ({ user }) => user),
    item: Uint32Array.from(list, ({ item }) => item),
    type: Uint8Array.from(list, ({ type }) => type),
    value: Float64Array.from(list, ({ value }) => value),
    time: Float64Array.from(list, (one) => one.time),
    users: { base: 0, ids: [] },
    items: { base: 0, ids: [] },
    types: { base: 0, ids: [] },
    session: column("session"),
    context: column("context"),
    recommendation: column("recommendation"),
    origin: column("origin"),
    keys: list.some(({ key }) => key[0] !== 0) ? Uint32Array.from(list.flatMap(({ key }) => key)) : undefined,
    parts: undefined,
    firstSeen: undefined,
    ...more,
  };
}

function rowsOf(segment: Segment): Row[] {
  return Array.from({ length: segment.length }, (_, i) => {
    const texts = textColumns.map((name) => {
      const column = segment[name];
      return column === undefined || column.codes[i] === 0 ? undefined : column.texts[column.codes[i] - 1];
    });
    return {
      user: segment.user[i],
      item: segment.item[i],
      type: segment.type[i],
      value: segment.value[i],
      time: segment.time[i] + 0,
      key: segment.keys === undefined ? [0, 0] : [segment.keys[i * 2], segment.keys[i * 2 + 1]],
      session: texts[0],
      context: texts[1],
      origin: texts[3],
      recommendation: texts[2],
    };
  });
}

/** -0 is 0 for a time. */
const plain = (list: readonly Row[]) => list.map((one) => ({ ...one, time: one.time + 0 }));

describe("a packed segment", () => {
  test("reads back as it was written, whatever is in it and wherever it lies", () => {
    fc.assert(
      fc.property(rows, ids, ids, fc.nat(9), (list, userIds, itemIds, offset) => {
        const more = { users: { base: 7, ids: userIds }, items: { base: 0, ids: itemIds }, types: { base: 3, ids: ["view"] } };
        const bytes = writeSegment(segmentOf(list, more));
        const shifted = new Uint8Array(bytes.length + offset);
        shifted.set(bytes, offset);
        const segment = readSegment(shifted.subarray(offset));
        expect(rowsOf(segment)).toEqual(plain(list));
        expect([segment.users, segment.items, segment.types]).toEqual([more.users, more.items, more.types]);
      }),
      { numRuns: 200 },
    );
  });

  test("takes little space: 11 bytes for a row of an ordinary log", () => {
    const list = Array.from({ length: 10_000 }, (_, i) => ({
      ...plainRow,
      user: (i * 7919) % 100_000,
      item: (i * 31) % 50_000,
      type: i % 3,
      time: 1.7e12 + i * 1000,
    }));
    expect(writeSegment(segmentOf(list)).length).toBeLessThan(10_000 * 11 + 1000);
  });

  test("says so when any part of it is damaged or missing", () => {
    const bytes = writeSegment(segmentOf([{ ...plainRow, session: "s", key: [1, 2] }], { users: { base: 0, ids: ["ann"] } }));
    for (let i = 0; i < bytes.length; i++) {
      const damaged = bytes.slice();
      damaged[i] ^= 1 << (i % 8);
      expect(() => readSegment(damaged), `byte ${i}`).toThrow(RecoError);
      expect(() => readSegment(bytes.subarray(0, i)), `cut at ${i}`).toThrow(/damaged/);
    }
    expect(() => readSegment(Uint8Array.from([...bytes, 0]))).toThrow(/damaged/);
  });
});

const plainRow: Row = {
  user: 1,
  item: 2,
  type: 0,
  value: 1,
  time: 5,
  key: [0, 0],
  session: undefined,
  context: undefined,
  recommendation: undefined,
  origin: undefined,
};

describe("segments", () => {
  test("say the same when they are merged, and which commit each row came from", () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 6 }), fc.boolean(), (lists, packed) => {
        let base = 0;
        const placed = lists.map((list, i): PlacedSegment => {
          const segment = segmentOf(list, { users: { base, ids: Array.from({ length: i }, (_, j) => `${i}.${j}`) } });
          base += i;
          return { sequence: i * 3 + 1, segment: packed ? readSegment(writeSegment(segment)) : segment };
        });
        // In two steps, as it happens in a log.
        const half = Math.ceil(placed.length / 2);
        const first = { sequence: placed[half - 1].sequence, segment: mergeSegments(placed.slice(0, half)) };
        const merged = readSegment(writeSegment(mergeSegments([first, ...placed.slice(half)])));
        expect(rowsOf(merged)).toEqual(plain(lists.flat()));
        expect(merged.users.ids).toEqual(lists.flatMap((_, i) => Array.from({ length: i }, (_, j) => `${i}.${j}`)));
        expect(Array.from(merged.parts?.sequence ?? [])).toEqual(lists.map((_, i) => i * 3 + 1));
        expect(Array.from(merged.parts?.rows ?? [])).toEqual(lists.map((list) => list.length));
      }),
      { numRuns: 100 },
    );
  });

  test("are not merged when there is something missing between them", () => {
    const [a, b] = [segmentOf([], { users: { base: 0, ids: ["ann"] } }), segmentOf([], { users: { base: 2, ids: ["bob"] } })];
    expect(() => mergeSegments([a, b].map((segment, i) => ({ sequence: i, segment })))).toThrow(/missing/);
  });

  test("lose the rows that they should, and remember when items were seen in them", () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 4 }), fc.nat(3), (lists, rest) => {
        const whole = mergeSegments(lists.map((list, sequence) => ({ sequence, segment: segmentOf(list) })));
        const all = lists.flat();
        const gone = [...all.keys()].filter((i) => i % 4 <= rest && i % 3 !== 0);
        const left = withoutRows(whole, gone);
        const kept = all.filter((_, i) => !gone.includes(i));
        if (left === undefined) {
          expect(all).toEqual([]);
          return;
        }
        const read = readSegment(writeSegment(left));
        expect(rowsOf(read)).toEqual(plain(kept));
        for (const name of textColumns)
          expect(new Set(read[name]?.texts)).toEqual(new Set(kept.map((one) => one[name]).filter((value) => value !== undefined)));
        const parts = lists.map((list, part) => {
          const start = lists.slice(0, part).reduce((sum, { length }) => sum + length, 0);
          return list.filter((_, i) => !gone.includes(start + i)).length;
        });
        expect(Array.from(read.parts?.rows ?? [])).toEqual(parts);
        for (const i of gone) {
          const place = Array.from(read.firstSeen?.item ?? []).indexOf(all[i].item);
          expect(read.firstSeen?.time[place]).toBeLessThanOrEqual(all[i].time);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("lose the id of a user, and keep its place", () => {
    const left = withoutRows(segmentOf([], { users: { base: 5, ids: ["ann", "bob", "cid"] } }), [], 6);
    expect(left?.users).toEqual({ base: 5, ids: ["ann", null, "cid"] });
  });
});

test("numbers and times are narrowed without loss", () => {
  fc.assert(
    fc.property(fc.array(u32), fc.array(time), (numbers, times) => {
      expect(Array.from(widen(narrow(Uint32Array.from(numbers)), numbers.length))).toEqual(numbers);
      expect(Array.from(widenTimes(narrowTimes(Float64Array.from(times))), (t) => t + 0)).toEqual(times.map((t) => t + 0));
    }),
  );
  const bytesPerTime = (times: number[]) => narrowTimes(Float64Array.from(times)).column.BYTES_PER_ELEMENT;
  expect(bytesPerTime([1.7e12, 1.7e12 + 65_535])).toBe(2);
  expect(bytesPerTime([1.7e12, 1.7e12 + 4_000_000_001])).toBe(4);
  expect(bytesPerTime([0, 1.7e12])).toBe(4);
  expect(bytesPerTime([0, 1.7e12 + 1])).toBe(8);
  expect(bytesPerTime([0, 0.5])).toBe(8);
});
