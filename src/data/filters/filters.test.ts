import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { realData } from "../../testing/real-data.ts";
import { Dataset } from "../dataset.ts";
import { loadDataset } from "../load.ts";
import { compact } from "./compact.ts";
import { kCore } from "./k-core.ts";
import { minimumWeight } from "./minimum-weight.ts";
import { onlyEvents } from "./only-events.ts";
import { timeRange } from "./time-range.ts";

const pairs = (data: Dataset) =>
  Array.from(data.interactions.user, (u, i) => `${data.users.id(u)} ${data.items.id(data.interactions.item[i])}`);

/** The definition, taken literally: remove whatever is below its threshold until nothing is. */
function slowCore(edges: readonly string[], user: number, item: number): string[] {
  let left = [...edges];
  for (;;) {
    const distinct = new Set(left);
    const degree = (side: 0 | 1, id: string) => [...distinct].filter((edge) => edge.split(" ")[side] === id).length;
    const next = left.filter((edge) => degree(0, edge.split(" ")[0]) >= user && degree(1, edge.split(" ")[1]) >= item);
    if (next.length === left.length) return next;
    left = next;
  }
}

describe("kCore", () => {
  it("is what remains after removing until nothing is below, counting repeats once", () => {
    const edge = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }));
    fc.assert(
      fc.property(
        fc.array(edge, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (edges, user, item) => {
          const data = Dataset.fromRows(edges.map(([u, i]) => ({ user: u, item: i })));
          const expected = slowCore(pairs(data), user, item);
          if (expected.length === 0) expect(() => kCore(data, { user, item })).toThrowError(/k-core is empty/);
          else {
            const core = kCore(data, { user, item });
            expect(pairs(core)).toEqual(expected);
            expect(core.users.size).toBe(new Set(core.interactions.user).size);
            expect(core.items.size).toBe(new Set(core.interactions.item).size);
          }
        },
      ),
    );
  });

  it("rejects invalid thresholds, and records the valid ones in the provenance", () => {
    const data = Dataset.fromRows([{ user: 1, item: 1 }]);
    expect(() => kCore(data, { user: 0 })).toThrowError(/whole number of at least 1, not 0/);
    expect(kCore(data, { user: 1, item: 1 }).provenance.at(-1)).toEqual({ step: "k-core", user: 1, item: 1 });
  });

  it.skipIf(!realData("ml-100k"))(
    "of 10 on MovieLens 100K: 943 users, 1,152 items, 97,953 ratings (skipped if the data is missing)",
    async () => {
      const core = kCore(await loadDataset(`${realData("ml-100k")}/u.data.gz`), { user: 10, item: 10 });
      expect([core.users.size, core.items.size, core.size]).toEqual([943, 1152, 97_953]);
    },
  );
});

describe("filters by row", () => {
  const data = Dataset.fromRows([
    { user: "a", item: "x", weight: 3.3, time: 10, type: "view" },
    { user: "a", item: "y", weight: 5, time: 20, type: "buy" },
    { user: "b", item: "x", weight: 1, type: "view" },
  ]);

  it("minimumWeight keeps weights at or above the minimum, including decimal fractions", () => {
    expect(pairs(minimumWeight(data, 3.3))).toEqual(["a x", "a y"]);
    expect(pairs(minimumWeight(Dataset.fromRows([{ user: 1, item: 1 }]), 1))).toEqual(["1 1"]);
    expect(minimumWeight(data, 4).provenance.at(-1)).toEqual({ step: "minimum-weight", minimum: 4 });
    expect(() => minimumWeight(data, Number.NaN)).toThrowError(/not NaN/);
  });

  it("timeRange includes its start but not its end, and no row with an unknown time", () => {
    expect(pairs(timeRange(data, { from: 10, to: 20 }))).toEqual(["a x"]);
    expect(pairs(timeRange(data, { from: 11 }))).toEqual(["a y"]);
    expect(pairs(timeRange(data, {}))).toEqual(["a x", "a y"]);
    expect(timeRange(data, { to: new Date(15) }).provenance.at(-1)).toEqual({ step: "time-range", to: 15 });
    expect(() => timeRange(data, { from: 2, to: 1 })).toThrowError(/time range: from 2 to 1/);
    expect(() => timeRange(Dataset.fromRows([{ user: 1, item: 1 }]), { from: 1 })).toThrowError(/no times/);
  });

  it("onlyEvents keeps the given types", () => {
    expect(pairs(onlyEvents(data, ["view"]))).toEqual(["a x", "b x"]);
    expect(onlyEvents(data, ["view"]).provenance.at(-1)).toEqual({ step: "only-events", types: ["view"] });
    expect(() => onlyEvents(data, ["bui"])).toThrowError(/Did you mean buy/);
    expect(() => onlyEvents(Dataset.fromRows([{ user: 1, item: 1 }]), ["buy"])).toThrowError(/The data has no event types/);
  });

  it("compact drops users and items without interactions, and their features", () => {
    const features = data.with({ itemFeatures: { title: { type: "text", values: ["X", "Y"] } } });
    const bought = compact(onlyEvents(features, ["buy"]));
    expect([bought.users.ids, bought.items.ids, pairs(bought)]).toEqual([["a"], ["y"], ["a y"]]);
    expect(bought.itemFeatures.title).toEqual({ type: "text", values: ["Y"] });
    expect(compact(data)).toBe(data);
  });
});
