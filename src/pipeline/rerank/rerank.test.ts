import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FeatureTable, MISSING } from "../../data/features.ts";
import { Random } from "../../util/random.ts";
import type { RecommenderSpec } from "../recommender.gen.ts";
import { loadedRegistry } from "../testing/requests.ts";
import { compileRules, type RerankSpec } from "./compile-rules.ts";
import { type RerankRequest, rerank } from "./rerank.ts";
import type { Reranked } from "./reranked.ts";

const registry = await loadedRegistry();
const properties = { price: "number", brand: "category", tags: "categories", fresh: "boolean" } as const;

/** Ten items: brands a a a a b b b c c and none, prices 0 to 9, tags as given, even ones fresh. */
const names = ["a", "b", "c"];
const columns: FeatureTable = {
  price: { type: "number", values: Float64Array.from({ length: 10 }, (_, i) => i) },
  brand: { type: "category", codes: Uint32Array.of(0, 0, 0, 0, 1, 1, 1, 2, 2, MISSING), names },
  tags: {
    type: "categories",
    offsets: Uint32Array.of(0, 1, 2, 4, 5, 6, 7, 8, 8, 8, 8),
    codes: Uint32Array.of(0, 0, 0, 1, 1, 1, 1, 2),
    names: ["x", "y", "z"],
  },
  fresh: { type: "number", values: Float64Array.from({ length: 10 }, (_, i) => (i + 1) % 2) },
};

function list(spec: RerankSpec, request: Partial<RerankRequest> = {}): Reranked {
  return rerank(compileRules(spec, { properties }, registry), {
    candidates: { items: Uint32Array.from({ length: 10 }, (_, i) => i), scores: Float32Array.from({ length: 10 }, (_, i) => 10 - i) },
    k: 5,
    allowed: new Uint8Array(10).fill(1),
    columns,
    scope: { now: 0, parameters: {} },
    history: { items: new Uint32Array(), weights: new Float32Array() },
    random: new Random(1),
    indexOf: (id) => (/^\d$/.test(id) ? Number(id) : -1),
    ...request,
  });
}

const items = (spec: RerankSpec, request?: Partial<RerankRequest>) => [...list(spec, request).items];

describe("without rules", () => {
  it("the list is the best k, with propensity 1", () => {
    const result = list({});
    expect([...result.items]).toEqual([0, 1, 2, 3, 4]);
    expect([...result.propensities]).toEqual([1, 1, 1, 1, 1]);
    expect(result.whyNot(7)).toBe("ranked 8 of 10 by score; the list has 5 places");
    expect(result.whyNot(3)).toBeUndefined();
  });

  it("fewer candidates give a shorter list, and none an empty one", () => {
    const none = { items: new Uint32Array(), scores: new Float32Array() };
    expect(items({}, { k: 20 })).toHaveLength(10);
    expect(items({}, { candidates: none })).toEqual([]);
  });
});

describe("boosts", () => {
  it("multiply scores, and null counts as 1", () => {
    const result = list({ boosts: [{ by: "if price = 9 then 20 else 1" }, { by: "if price = 0 then 0.5 else null" }] });
    expect([...result.items]).toEqual([9, 1, 2, 3, 4]);
    expect(result.scores[0]).toBe(20);
    expect(result.rulesOf(0)).toEqual(["boosted by 20 (if price = 9 then 20 else 1; if price = 0 then 0.5 else null)"]);
    expect(result.whyNot(0)).toContain("boosts moved it from 1 to 6");
  });

  it("also raise items with negative scores", () => {
    const candidates = { items: Uint32Array.of(0, 1, 2), scores: Float32Array.of(-1, -2, -3) };
    expect(items({ boosts: [{ by: "if price = 2 then 10 else 1" }] }, { candidates })).toEqual([2, 0, 1]);
    expect(items({ boosts: [{ by: "if price = 0 then 0.1 else 1" }] }, { candidates })).toEqual([1, 2, 0]);
  });

  it("of 0 or less put items last among those with the same sign, in order", () => {
    expect(items({ boosts: [{ by: "if price < 8 then -price else 1" }] })).toEqual([8, 9, 0, 1, 2]);
  });
});

describe("pins", () => {
  const pins = (...given: NonNullable<RecommenderSpec["pins"]>) => ({ pins: given });

  it("keep their places, candidates or not, and other items fill the rest", () => {
    const result = list(pins({ item: "9", place: 2 }), {
      candidates: { items: Uint32Array.of(0, 1, 2), scores: Float32Array.of(3, 2, 1) },
    });
    expect([...result.items]).toEqual([0, 9, 1, 2]);
    expect(result.origins).toEqual(["score", "pin", "score", "score"]);
    expect(result.rulesOf(1)).toEqual(["pinned to place 2"]);
    expect(result.scores[1]).toBe(0);
  });

  it("do nothing if the item may not be shown or doesn't exist, or the condition isn't true", () => {
    const allowed = new Uint8Array(10).fill(1);
    allowed[9] = 0;
    expect(items(pins({ item: "9", place: 1 }), { allowed })).toEqual([0, 1, 2, 3, 4]);
    expect(items(pins({ item: "nobody", place: 1 }))).toEqual([0, 1, 2, 3, 4]);
    expect(items(pins({ item: "9", place: 1, when: "context.front" }))).toEqual([0, 1, 2, 3, 4]);
    expect(items(pins({ item: "9", place: 1, when: "context.front" }), { scope: { now: 0, context: { front: true } } })).toEqual([
      9, 0, 1, 2, 3,
    ]);
  });

  it("give way to earlier pins, and pin an item only once", () => {
    expect(items(pins({ item: "9", place: 1 }, { item: "8", place: 1 }, { item: "9", place: 4 }))).toEqual([9, 8, 0, 1, 2]);
    expect(items(pins({ item: "9", place: 5 }, { item: "8", place: 5 }))).toEqual([0, 1, 2, 8, 9]);
    expect(items(pins({ item: "9", place: 6 }))).toEqual([0, 1, 2, 3, 4]);
  });

  it("move up if the list is too short for their place", () => {
    const candidates = { items: Uint32Array.of(0), scores: Float32Array.of(1) };
    expect(items(pins({ item: "9", place: 5 }), { candidates })).toEqual([0, 9]);
  });

  it("push other items out, and `why` says so", () => {
    expect(list(pins({ item: "9", place: 1 })).whyNot(4)).toBe("ranked 5 of 10 by score; lost its place to a pin");
  });
});

describe("caps", () => {
  it("limit the items per value, and `why` says which is full", () => {
    const result = list({ caps: [{ by: "brand", max: 2 }] });
    expect([...result.items]).toEqual([0, 1, 4, 5, 7]);
    expect(result.whyNot(2)).toBe('excluded by a cap: at most 2 per brand, and "a" is full');
    expect(result.rulesOf(2)).toEqual(["moved up from 5 to 3 by caps"]);
  });

  it("require room under every value of an item; items without a value aren't capped", () => {
    expect(items({ caps: [{ by: "tags", max: 1 }] })).toEqual([0, 3, 6, 7, 8]);
  });

  it("shorten a list rather than being exceeded", () => {
    expect(items({ caps: [{ by: "brand", max: 1 }] })).toEqual([0, 4, 7, 9]);
  });

  it("count pins but don't move them", () => {
    const pins = [
      { item: "2", place: 3 },
      { item: "3", place: 4 },
    ];
    expect(items({ caps: [{ by: "brand", max: 1 }], pins })).toEqual([4, 7, 2, 3, 9]);
  });
});

describe("shares", () => {
  it("leave the first places alone and use the last ones", () => {
    const result = list({ shares: [{ of: "price >= 7", min: 0.4 }] });
    expect([...result.items]).toEqual([0, 1, 2, 7, 8]);
    expect(result.rulesOf(3)).toEqual(["needed for the share of price >= 7"]);
    expect(result.whyNot(3)).toBe("ranked 4 of 10 by score; lost its place to the share of price >= 7");
  });

  it("change nothing if already met, and settle for the items there are", () => {
    expect(items({ shares: [{ of: "price <= 1", min: 0.4 }] })).toEqual([0, 1, 2, 3, 4]);
    expect(items({ shares: [{ of: "price = 9", min: 1 }] })).toEqual([0, 1, 2, 3, 9]);
    expect(items({ shares: [{ of: "price > 100", min: 0.5 }] })).toEqual([0, 1, 2, 3, 4]);
  });

  it("count pins", () => {
    expect(items({ shares: [{ of: "price >= 7", min: 0.4 }], pins: [{ item: "9", place: 1 }] })).toEqual([9, 0, 1, 2, 7]);
  });

  it("that need more places than there are have priority in order", () => {
    expect(
      items({
        shares: [
          { of: "price >= 6", min: 0.8 },
          { of: "price < 3", min: 0.6 },
        ],
      }),
    ).toEqual([6, 7, 8, 9, 0]);
  });

  it("give way to caps", () => {
    expect(items({ caps: [{ by: "brand", max: 1 }], shares: [{ of: "brand = 'c'", min: 0.6 }] })).toEqual([0, 4, 7, 9]);
  });
});

describe("rules together", () => {
  const anySpec: fc.Arbitrary<RerankSpec> = fc.record(
    {
      boosts: fc.constant([{ by: "if fresh then 3 else 1" }]),
      pins: fc.uniqueArray(fc.record({ item: fc.integer({ min: 0, max: 9 }).map(String), place: fc.integer({ min: 1, max: 5 }) }), {
        maxLength: 2,
        selector: ({ item }) => item,
      }),
      caps: fc.tuple(fc.constantFrom("brand", "tags"), fc.integer({ min: 1, max: 3 })).map(([by, max]) => [{ by, max }]),
      shares: fc.constantFrom([{ of: "price >= 6", min: 0.4 }], [{ of: "fresh", min: 0.6 }]),
      diversity: fc.record({ kind: fc.constantFrom("mmr", "dpp"), strength: fc.constantFrom(0.2, 0.9) }),
      calibration: fc.constant({ by: "brand", strength: 0.4 }),
      exploration: fc.oneof(
        fc.record({ kind: fc.constant("epsilon" as const), epsilon: fc.constantFrom(0.2, 1) }),
        fc.record({ kind: fc.constant("thompson" as const), share: fc.constantFrom(0.5, 1) }),
      ),
    },
    { requiredKeys: [] },
  );
  const anyScore = fc.oneof(fc.float(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, 2));

  it("hold together for any scores", () => {
    fc.assert(
      fc.property(
        anySpec,
        fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 10 }),
        fc.array(anyScore, { minLength: 10, maxLength: 10 }),
        fc.nat(),
        (spec, given, scores, seed) => {
          const candidates = { items: Uint32Array.from(given), scores: Float32Array.from(given, (_, i) => scores[i]) };
          const history = { items: Uint32Array.of(4, 7), weights: Float32Array.of(1, 2) };
          const result = list(spec, { candidates, history, random: new Random(seed) });
          const shown = [...result.items];
          const pinned = (spec.pins ?? []).map(({ item }) => Number(item));

          expect(new Set(shown).size).toBe(shown.length);
          expect(shown.length).toBeLessThanOrEqual(5);
          for (const item of shown) expect(given.includes(item) || pinned.includes(item)).toBe(true);
          for (const item of pinned) expect(shown).toContain(item);
          for (const score of result.scores) expect(Number.isFinite(score)).toBe(true);
          for (const propensity of result.propensities) {
            expect(propensity).toBeGreaterThan(0);
            expect(propensity).toBeLessThanOrEqual(1);
          }
          // Without caps nothing keeps a list short.
          if (spec.caps === undefined) expect(shown.length).toBe(Math.min(5, new Set([...given, ...pinned]).size));
          for (const { by, max } of spec.caps ?? []) {
            const valuesOf = (item: number) => {
              const column = columns[by];
              if (column.type === "category") return column.codes[item] === MISSING ? [] : [column.codes[item]];
              return column.type === "categories" ? [...column.codes.subarray(column.offsets[item], column.offsets[item + 1])] : [];
            };
            for (const item of shown) {
              // Only pins may be over a cap, and nothing may join them.
              if (result.origins[shown.indexOf(item)] === "pin") continue;
              for (const value of valuesOf(item))
                expect(shown.filter((other) => valuesOf(other).includes(value)).length).toBeLessThanOrEqual(max);
            }
          }
          for (const { of, min } of spec.shares ?? []) {
            if (spec.caps !== undefined) continue;
            const holds = (item: number) => (of === "fresh" ? item % 2 === 0 : item >= 6);
            const available = new Set([...given, ...pinned].filter(holds)).size;
            // Pins may take places that a share would want.
            const free = shown.length - pinned.filter((item) => !holds(item)).length;
            expect(shown.filter(holds).length).toBeGreaterThanOrEqual(Math.min(Math.ceil(min * shown.length - 1e-9), available, free));
          }
          // Every candidate is in the list or has a reason.
          for (const item of given) expect(shown.includes(item) !== (result.whyNot(item) !== undefined)).toBe(true);
          shown.forEach((_, place) => {
            expect(Array.isArray(result.rulesOf(place))).toBe(true);
          });
        },
      ),
      { numRuns: 800 },
    );
  });
});

describe("a long list", () => {
  it("is diverse in its first 100 places and sorted by score after that", () => {
    const n = 400;
    const table: FeatureTable = { brand: { type: "category", codes: Uint32Array.from({ length: n }, (_, i) => (i < 300 ? 0 : 1)), names } };
    const candidates = { items: Uint32Array.from({ length: n }, (_, i) => i), scores: Float32Array.from({ length: n }, (_, i) => n - i) };
    for (const kind of ["mmr", "dpp"] as const) {
      const shown = [...list({ diversity: { kind, strength: 0.7 } }, { candidates, columns: table, k: n }).items];
      expect(new Set(shown).size).toBe(n);
      expect(shown[1]).toBe(300);
      const rest = shown.slice(100);
      expect(rest).toEqual([...rest].sort((a, b) => a - b));
    }
  });
});
