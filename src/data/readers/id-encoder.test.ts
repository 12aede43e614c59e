import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IdEncoder, READ_AHEAD } from "./id-encoder.ts";

/** Encodes ids the way a scanner passes them: as positions in one block of bytes. */
function encodeAll(encoder: IdEncoder, ids: readonly string[]): number[] {
  const encoded = ids.map((id) => new TextEncoder().encode(id));
  const bytes = new Uint8Array(encoded.reduce((sum, id) => sum + id.length, 0) + READ_AHEAD);
  const starts = new Int32Array(ids.length);
  const ends = new Int32Array(ids.length);
  let at = 0;
  encoded.forEach((id, i) => {
    bytes.set(id, at);
    starts[i] = at;
    at += id.length;
    ends[i] = at;
  });
  const out = new Uint32Array(ids.length);
  encoder.encodeBatch(bytes, starts, ends, ids.length, out);
  return [...out];
}

function firstAppearance(ids: readonly string[]): { indices: number[]; distinct: string[] } {
  const index = new Map<string, number>();
  const indices = ids.map((id) => {
    if (!index.has(id)) index.set(id, index.size);
    return index.get(id) as number;
  });
  return { indices, distinct: [...index.keys()] };
}

describe("IdEncoder", () => {
  it("numbers ids in order of first appearance, regardless of length, script and batches", () => {
    const id = fc.oneof(
      fc.string({ unit: "grapheme", minLength: 1 }),
      fc.string({ unit: fc.constantFrom("a", "b", "\0"), minLength: 1, maxLength: 14 }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(id, { maxLength: 60 }), { maxLength: 5 }), (batches) => {
        const encoder = new IdEncoder("user");
        const expected = firstAppearance(batches.flat());
        expect(batches.flatMap((batch) => encodeAll(encoder, batch))).toEqual(expected.indices);
        encoder.encodeValue("text, so that the ids stay strings");
        expect(encoder.ids().slice(0, expected.distinct.length)).toEqual(expected.distinct);
      }),
    );
  });

  it("distinguishes ids that differ in length or in the last byte, around the length that fits into a key", () => {
    const ids = Array.from({ length: 30 }, (_, n) => ["x".repeat(n + 1), `${"x".repeat(n)}y`, `${"x".repeat(n)}\0`]).flat();
    expect(encodeAll(new IdEncoder("item"), ids)).toEqual(firstAppearance(ids).indices);
  });

  it("grows to a hundred thousand ids, and finds each again", () => {
    const ids = Array.from({ length: 100_000 }, (_, i) => (i % 2 === 0 ? `u${i}` : `a-rather-long-identifier-${i}`));
    const encoder = new IdEncoder("user");
    const first = encodeAll(encoder, ids);
    expect(first[99_999]).toBe(99_999);
    expect(encodeAll(encoder, ids)).toEqual(first);
    expect(encoder.ids()).toEqual(ids);
  });

  it.each([
    [
      ["1", "0", "-5", "9007199254740991"],
      [1, 0, -5, 9007199254740991],
    ],
    [
      ["1", "007"],
      ["1", "007"],
    ],
    [
      ["1", "1.0"],
      ["1", "1.0"],
    ],
    [["9007199254740993"], ["9007199254740993"]],
    [["-0"], ["-0"]],
    [
      ["1", "+1"],
      ["1", "+1"],
    ],
    [["1e3"], ["1e3"]],
    [["1.5"], ["1.5"]],
    [["Infinity"], ["Infinity"]],
    [["9007199254740992"], ["9007199254740992"]],
    [
      ["1", " 1"],
      ["1", " 1"],
    ],
  ])("reads %j as %j", (texts, ids) => {
    const encoder = new IdEncoder("user");
    encodeAll(encoder, texts);
    expect(encoder.ids()).toEqual(ids);
  });

  it("keeps the type of values: numbers stay numbers, and all become strings if one is", () => {
    const numbers = new IdEncoder("user");
    expect([1, 2, 1].map((id) => numbers.encodeValue(id))).toEqual([0, 1, 0]);
    expect(numbers.ids()).toEqual([1, 2]);
    const strings = new IdEncoder("user");
    expect(["1", "2", 2n].map((id) => strings.encodeValue(id))).toEqual([0, 1, 1]);
    expect(strings.ids()).toEqual(["1", "2"]);
  });
});
