import { describe, expect, it } from "vitest";
import { Dataset } from "./dataset.ts";
import { MISSING } from "./features.ts";

describe("Dataset.append", () => {
  it("keeps the old indices and puts what is new behind them", () => {
    const data = Dataset.fromRows([
      { user: "a", item: 1, weight: 2, time: 10 },
      { user: "b", item: 2, weight: 3, time: 20 },
    ]);
    const longer = data.append([
      { user: "c", item: 2, weight: 4, time: 30 },
      { user: "a", item: 9, weight: 5, time: 40 },
    ]);
    expect(longer.users.ids).toEqual(["a", "b", "c"]);
    expect(longer.items.ids).toEqual([1, 2, 9]);
    expect(longer.interactions).toEqual({
      user: Uint32Array.of(0, 1, 2, 0),
      item: Uint32Array.of(0, 1, 1, 2),
      weight: Float64Array.of(2, 3, 4, 5),
      time: Float64Array.of(10, 20, 30, 40),
    });
    expect(longer.provenance.map(({ step }) => step)).toEqual(["rows", "append"]);
    expect(data.size).toBe(2);
  });

  it("weighs rows without a weight by 1, and refuses times on one side only", () => {
    const plain = Dataset.fromRows([{ user: 1, item: 1 }]);
    expect(plain.append([{ user: 1, item: 2, weight: 5 }]).interactions.weight).toEqual(Float64Array.of(1, 5));
    expect(Dataset.fromRows([{ user: 1, item: 2, weight: 5 }]).append(plain).interactions.weight).toEqual(Float64Array.of(5, 1));
    expect(() => plain.append([{ user: 1, item: 2, time: 5 }])).toThrowError(/The added rows have times, the existing rows have none/);
    expect(Dataset.fromRows([]).append([{ user: 1, item: 2, time: 5 }]).interactions.time).toEqual(Float64Array.of(5));
  });

  it("joins event types by name", () => {
    const data = Dataset.fromRows([{ user: 1, item: 1, type: "view" }]).append([
      { user: 1, item: 1, type: "buy" },
      { user: 2, item: 1, type: "view" },
    ]);
    expect(data.eventTypes).toEqual(["view", "buy"]);
    expect(data.interactions.type).toEqual(Uint8Array.of(0, 1, 0));
    expect(data.append([{ user: 1, item: 1 }]).eventTypes).toEqual(["view", "buy", ""]);
  });

  it("takes over the features of new items, and knows what is missing", () => {
    const data = Dataset.fromRows([{ user: 1, item: "x" }]).with({
      itemFeatures: {
        title: { type: "text", values: ["X"] },
        genre: { type: "category", codes: Uint32Array.of(0), names: ["war"] },
        tags: { type: "categories", offsets: Uint32Array.of(0, 2), codes: Uint32Array.of(0, 1), names: ["a", "b"] },
      },
    });
    const added = Dataset.fromRows([
      { user: 1, item: "y" },
      { user: 1, item: "x" },
      { user: 1, item: "z" },
    ]).with({
      itemFeatures: {
        title: { type: "text", values: ["Y", "another X", "Z"] },
        genre: { type: "category", codes: Uint32Array.of(0, 1, MISSING), names: ["love", "war"] },
        tags: { type: "categories", offsets: Uint32Array.of(0, 1, 1, 3), codes: Uint32Array.of(0, 0, 1), names: ["b", "c"] },
        year: { type: "number", values: Float64Array.of(1, 2, 3) },
        place: { type: "place", latitude: Float64Array.of(1, 2, 3), longitude: Float64Array.of(4, 5, 6) },
        embedding: { type: "vector", dimensions: 2, values: Float32Array.of(1, 2, 3, 4, 5, 6) },
      },
    });
    const { items, itemFeatures } = data.append(added);
    expect(items.ids).toEqual(["x", "y", "z"]);
    expect(itemFeatures).toEqual({
      title: { type: "text", values: ["X", "Y", "Z"] },
      genre: { type: "category", codes: Uint32Array.of(0, 1, MISSING), names: ["war", "love"] },
      tags: { type: "categories", offsets: Uint32Array.of(0, 2, 3, 5), codes: Uint32Array.of(0, 1, 1, 1, 2), names: ["a", "b", "c"] },
      year: { type: "number", values: Float64Array.of(Number.NaN, 1, 3) },
      place: { type: "place", latitude: Float64Array.of(Number.NaN, 1, 3), longitude: Float64Array.of(Number.NaN, 4, 6) },
      embedding: { type: "vector", dimensions: 2, values: Float32Array.of(Number.NaN, Number.NaN, 1, 2, 5, 6) },
    });
    const other = added.with({ itemFeatures: { title: { type: "number", values: Float64Array.of(1, 2, 3) } } });
    expect(() => data.append(other)).toThrowError(/"title" has two kinds: text and number/);
  });
});
