import fc from "fast-check";
import { expect, test } from "vitest";
import { KeyLoader } from "./key-loader.ts";
import { hashKey, KeySet } from "./key-set.ts";

test("a set of hashes holds what was added and nothing else", () => {
  fc.assert(
    // Few high halves make long runs, and the last ones go round the end of the table.
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom(0, 1, 0xffffffff, 0xfffffffe)), { maxLength: 300 }),
      (hashes) => {
        const set = new KeySet();
        const model = new Set<string>();
        for (const [low, high] of hashes) {
          expect(set.has(low, high)).toBe(model.has(`${low} ${high}`));
          expect(set.add(low, high)).toBe(!model.has(`${low} ${high}`));
          model.add(`${low} ${high}`);
        }
        expect(set.size).toBe(model.size);
        expect(set.has(41, 0)).toBe(false);
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

test("a set that is loaded at once is the one that hashes are added to one by one", () => {
  for (const count of [0, 1, 4096 * 3, 200_000]) {
    const loader = new KeyLoader();
    const keys = new Uint32Array(count * 2);
    // All the same high half now and then: one part of the table gets more than its share.
    for (let i = 0; i < count; i++) hashKey(`key ${i}`, keys, i * 2);
    for (let i = 0; i < count; i += 100) keys[i * 2 + 1] = 0xabcdef01;
    loader.add(keys.subarray(0, (count >> 1) * 2), 0);
    loader.add(Uint32Array.of(9, 9, 0, 0), 1);
    loader.add(keys, count >> 1);
    const set = loader.finish();
    let missing = 0;
    for (let i = 0; i < count; i++) if (!set.has(keys[i * 2], keys[i * 2 + 1])) missing++;
    expect([set.size, missing, set.add(7, 7), set.has(7, 7)]).toEqual([count, 0, true, true]);
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
