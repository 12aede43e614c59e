import fc from "fast-check";
import { expect, test } from "vitest";
import { Dataset } from "../data/dataset.ts";
import { bagOf } from "./bag.ts";
import { Histories } from "./histories.ts";
import { historiesOf } from "./known-histories.ts";

const rows = [
  { user: "ann", item: "a", weight: 1, time: 30 },
  { user: "ann", item: "b", weight: 5, time: 20 },
  { user: "bob", item: "b", weight: 2, time: 5 },
  { user: "ann", item: "a", weight: 4, time: 10 },
  { user: "ann", item: "a", weight: 2 },
];
const data = Dataset.fromRows(rows);

test("a bag has each item once, with the last weight by time, the sum or the largest", () => {
  const bagBy = (repeats: "last" | "sum" | "max") => historiesOf(data, { repeats }).bag();
  expect([...bagBy("sum").indices]).toEqual([0, 1, 1]);
  expect([...bagBy("sum").offsets]).toEqual([0, 2, 3]);
  expect([...bagBy("sum").values]).toEqual([7, 5, 2]);
  expect([...bagBy("last").values]).toEqual([1, 5, 2]);
  expect([...bagBy("max").values]).toEqual([4, 5, 2]);
});

test("the last rating counts; other weights are added up", () => {
  expect([...historiesOf(data, { predicts: "rating" }).bag().values]).toEqual([1, 5, 2]);
  expect([...historiesOf(data, {}).bag().values]).toEqual([7, 5, 2]);
});

test("without repeats, the bag is the data's own matrix", () => {
  const plain = Dataset.fromRows(rows.slice(0, 3));
  expect(historiesOf(plain, {}).bag()).toBe(plain.byUser());
  expect(historiesOf(plain, {}).item).toBe(plain.byUser().indices);
});

test("entries come in time order, unknown times first, with the needed columns and no others", () => {
  const { item, time, weight, type, group } = historiesOf(data, { needs: ["times"] });
  expect([...item]).toEqual([0, 0, 1, 0, 1]);
  expect([...weight]).toEqual([2, 4, 5, 1, 2]);
  expect([...(time ?? [])]).toEqual([Number.NaN, 10, 20, 30, 5]);
  expect([type, group]).toEqual([undefined, undefined]);
  expect(historiesOf(data, { needs: ["order"] }).time).toBeUndefined();
});

test("sessions are numbered per user, and the current one is the newest unless given", () => {
  const sessions = Dataset.fromRows(["x", "y", "x", "z", "z"].map((session, i) => ({ user: i < 3 ? "ann" : "bob", item: i, session })));
  const { group, current } = historiesOf(sessions, { needs: ["sessions"] });
  expect([...(group ?? [])]).toEqual([0, 1, 0, 0, 0]);
  expect([...(current ?? [])]).toEqual([0, 0]);
  const session = sessions.interactions.session ?? [];
  const asked = historiesOf(sessions, { needs: ["sessions"] }, Uint32Array.of(session[1], 0xffffffff));
  expect([...(asked.current ?? [])]).toEqual([1, 1]);
});

test("slices, taken rows and histories within a smaller catalog keep their entries", () => {
  const entry = fc.record({ user: fc.nat(6), item: fc.nat(9), weight: fc.integer({ min: 1, max: 5 }), time: fc.nat(50) });
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 60 }), fc.boolean(), fc.nat(20), (entries, ordered, cut) => {
      const histories = historiesOf(Dataset.fromRows(entries), ordered ? { needs: ["times", "order"] } : {});
      const from = cut % histories.rows;
      const part = histories.slice(from, histories.rows);
      const taken = histories.take(Uint32Array.from({ length: histories.rows - from }, (_, i) => from + i));
      for (const column of ["offsets", "item", "weight", "time"] as const)
        expect([...(taken[column] ?? [])]).toEqual([...(part[column] ?? [])]);
      expect(taken.bag()).toEqual(part.bag());
      expect(bagOf(part, part.repeats)).toEqual({ ...part.bag() });
      const few = Math.max(1, cut % histories.items);
      const known = histories.within(few);
      expect([...known.item]).toEqual([...histories.item].filter((item) => item < few));
      expect(known.bag().columns).toBe(few);
      expect(bagOf(known, known.repeats)).toEqual({ ...known.bag() });
    }),
  );
});

test("long and short histories merge the same way", () => {
  const item = Uint32Array.from({ length: 400 }, (_, i) => (i * 7) % 50);
  const weight = Float32Array.from(item, (_, i) => 1 + (i % 3));
  const entries = { rows: 2, offsets: Uint32Array.of(0, 250, 400), item, weight };
  for (const repeats of ["last", "sum", "max"] as const) {
    const counted = bagOf({ ...entries, items: 50 }, repeats);
    const sorted = bagOf({ ...entries, items: 1000 }, repeats);
    expect({ ...sorted, columns: 50 }).toEqual(counted);
  }
});

test("making a bag doesn't change its source", () => {
  const item = Uint32Array.of(1, 1);
  const histories = new Histories({ rows: 1, items: 2, offsets: Uint32Array.of(0, 2), item, weight: Float32Array.of(1, 2) });
  expect([...histories.bag().values]).toEqual([3]);
  expect([...histories.item]).toEqual([1, 1]);
  expect(histories.bag()).toBe(histories.bag());
});
