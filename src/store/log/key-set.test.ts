import fc from "fast-check";
import { expect, test } from "vitest";
import { hashKey, KeySet } from "./key-set.ts";
import { KeyTable } from "./key-table.ts";

test("a set of hashes holds what was added and nothing else", () => {
  fc.assert(
    // Few low halves make long runs, and the last ones go round the end of the table.
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(1, 2, 0xffffffff, 0xfffffffe), fc.integer({ min: 0, max: 40 })), { maxLength: 300 }),
      (hashes) => {
        const set = new KeySet();
        const model = new Set<string>();
        for (const [low, high] of hashes) {
          expect(set.has(low, high)).toBe(model.has(`${low} ${high}`));
          expect(set.add(low, high)).toBe(!model.has(`${low} ${high}`));
          model.add(`${low} ${high}`);
        }
        expect(set.size).toBe(model.size);
        expect(set.has(1, 41)).toBe(false);
      },
    ),
  );
});

test("a set of hashes keeps all of them while it grows", () => {
  const set = new KeySet();
  const hash = new Uint32Array(2);
  const addAll = () => {
    let added = 0;
    for (let i = 0; i < 100_000; i++) {
      hashKey(`key ${i}`, hash, 0);
      if (set.add(hash[0], hash[1])) added++;
    }
    return added;
  };
  expect([addAll(), addAll(), set.size]).toEqual([100_000, 0, 100_000]);
});

test("a table holds what was gathered before it was loaded, and what came after", () => {
  for (const count of [0, 1, 4096 * 3, 200_000]) {
    const keys = new Uint32Array(count * 2);
    for (let i = 0; i < count; i++) hashKey(`key ${i}`, keys, i * 2);
    // One part gets far more than its share.
    for (let i = 0; i < count; i += 3) keys[i * 2 + 1] |= 0xff000000;
    const table = new KeyTable();
    const half = count >> 1;
    table.add(keys.subarray(0, half * 2), 0);
    table.add(Uint32Array.of(9, 9, 0, 0), 1);
    table.loaded();
    let early = 0;
    for (let i = half; i < count; i++) if (table.has(keys[i * 2], keys[i * 2 + 1])) early++;
    table.add(keys, half);
    let missing = 0;
    for (let i = 0; i < count; i++) if (!table.has(keys[i * 2], keys[i * 2 + 1])) missing++;
    expect([early, missing, table.has(9, 9)]).toEqual([0, 0, false]);
  }
});

test("keys that look alike have hashes that look random", () => {
  const count = 400_000;
  const both = new Set<bigint>();
  const lows = new Set<number>();
  const highs = new Set<number>();
  const hash = new Uint32Array(2);
  const shapes = [
    (i: number) => `event-${i}`,
    (i: number) => i.toString(36).padStart(12, "0"),
    (i: number) => `${i}:${i % 7}:${i}`,
    (i: number) => `ab${"\u0100".repeat(i % 50)}${i}`,
  ];
  for (let i = 0; i < count; i++) {
    hashKey(shapes[i % 4](i), hash, 0);
    lows.add(hash[0]);
    highs.add(hash[1]);
    both.add((BigInt(hash[1]) << 32n) | BigInt(hash[0]));
  }
  expect(both.size).toBe(count);
  expect(lows.has(0), "0 stands for an empty place").toBe(false);
  // Of so many random 32-bit numbers, 18.6 are expected to be there already; 50 would be seven standard deviations more.
  expect(count - lows.size).toBeLessThan(50);
  expect(count - highs.size).toBeLessThan(50);
});
