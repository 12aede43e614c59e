import { expect, test } from "vitest";
import { RowKeys } from "./row-keys.ts";

const cup = { user: "uma", item: "cup", type: "buy", value: 2, time: 1000 };

test("the key of a row depends on what it says and how often it came, not on where it stands", () => {
  const first = new RowKeys();
  const one = first.keyed(cup).key;
  const other = first.keyed({ ...cup, item: "plate" }).key;
  const two = first.keyed(cup).key;
  expect(new Set([one, two, other]).size).toBe(3);
  const later = new RowKeys();
  expect(later.keyed({ ...cup, item: "plate" }).key).toBe(other);
  expect(later.keyed(cup).key).toBe(one);
  expect(later.keyed(cup).key).toBe(two);
});

test("a row has the same key however it is written", () => {
  const key = (event: object) => new RowKeys().keyed({ ...cup, ...event }).key;
  expect(key({ time: "1970-01-01T00:00:01Z" })).toBe(key({}));
  expect(key({ value: 14.95 })).toBe(key({ value: Math.fround(14.95) }));
  expect(key({ value: undefined })).toBe(key({ value: 1 }));
  expect(key({ context: { a: 1, b: "x" } })).toBe(key({ context: { b: "x", a: 1 } }));
});

test("every field makes a difference, and a key of its own stays", () => {
  const changes = [{}, { user: "ann" }, { type: "view" }, { value: 3 }, { time: 1001 }, { session: "s" }, { recommendation: "r" }];
  const keys = [...changes, { context: { a: 1 } }, { context: { a: "1" } }].map((event) => new RowKeys().keyed({ ...cup, ...event }).key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(new RowKeys().keyed({ ...cup, key: "order-1" }).key).toBe("order-1");
});

test("counts many rows", () => {
  const keys = new RowKeys();
  const give = () => Array.from({ length: 5000 }, (_, i) => keys.keyed({ ...cup, value: i }).key ?? "");
  const all = [...give(), ...give()];
  expect(new Set(all).size).toBe(10_000);
  expect(all.slice(5000).every((key) => key.endsWith(":1"))).toBe(true);
});
