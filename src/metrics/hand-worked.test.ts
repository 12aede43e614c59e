import { describe, expect, it } from "vitest";
import { Dataset } from "../data/dataset.ts";
import { Catalog } from "./catalog.ts";
import { metrics } from "./index.gen.ts";
import type { JudgedList, ListMetric } from "./metric.ts";

// Four users. Item a has users 1 2 3, b has 1 2, c has 1, and d has no training users.
const train = Dataset.fromRows([
  { user: 1, item: "a" },
  { user: 2, item: "a" },
  { user: 3, item: "a" },
  { user: 1, item: "b" },
  { user: 2, item: "b" },
  { user: 1, item: "c" },
  { user: 4, item: "d" },
]);
const catalog = new Catalog(train);

function list(items: number[], relevant: number[], history: number[] = []): JudgedList {
  return {
    items: Uint32Array.from(items),
    hits: Uint8Array.from(items, (item) => (relevant.includes(item) ? 1 : 0)),
    relevant: Uint32Array.from(relevant),
    history: Uint32Array.from(history),
  };
}

function value(name: keyof typeof metrics, judged: JudgedList, k: number): number {
  return (metrics[name] as ListMetric).measure(catalog)(judged, k);
}

describe("a list of five with hits at ranks 2 and 4, and three held-out items", () => {
  const judged = list([0, 1, 2, 3, 4], [1, 3, 9]);
  const hand: [keyof typeof metrics, number, number][] = [
    ["precision", 5, 2 / 5],
    ["precision", 10, 2 / 10],
    ["recall", 5, 2 / 3],
    ["recall", 2, 1 / 3],
    ["capped-recall", 2, 1 / 2],
    ["capped-recall", 5, 2 / 3],
    ["hit-rate", 1, 0],
    ["hit-rate", 2, 1],
    ["mrr", 1, 0],
    ["mrr", 5, 1 / 2],
    ["map", 5, (1 / 2 + 2 / 4) / 3],
    ["map", 2, 1 / 2 / 2],
    ["ndcg", 5, (1 / Math.log2(3) + 1 / Math.log2(5)) / (1 + 1 / Math.log2(3) + 1 / 2)],
    ["ndcg", 2, 1 / Math.log2(3) / (1 + 1 / Math.log2(3))],
  ];
  it.each(hand)("%s@%i", (name, k, expected) => expect(value(name, judged, k)).toBeCloseTo(expected, 14));
});

describe("accuracy at its extremes", () => {
  const names = Object.values(metrics).flatMap((metric) => (metric.over === "list" && metric.accuracy ? [metric.name] : []));
  it.each(names)("%s is 0 without hits and for an empty list", (name) => {
    expect(value(name, list([0, 1, 2], [3]), 3)).toBe(0);
    expect(value(name, list([], [3]), 3)).toBe(0);
  });

  it.each(["capped-recall", "ndcg", "map", "mrr", "hit-rate"] as const)(
    "%s is 1 for a perfect list, whether k is below or above |T|",
    (name) => {
      expect(value(name, list([4, 5, 6, 0], [4, 5, 6]), 2)).toBeCloseTo(1, 14);
      expect(value(name, list([4, 5, 6, 0], [4, 5, 6]), 4)).toBeCloseTo(1, 14);
    },
  );
});

describe("beyond accuracy", () => {
  it("average popularity counts training users", () => expect(value("average-popularity", list([0, 1, 2], [3]), 2)).toBe((3 + 2) / 2));
  it("novelty is bits of surprise", () =>
    expect(value("novelty", list([0, 1, 2], [3]), 3)).toBeCloseTo((-Math.log2(3 / 4) + 1 + 2) / 3, 14));
  it("diversity of a and b is 1 - 2 / sqrt(3 * 2)", () =>
    expect(value("diversity", list([0, 1], [3]), 2)).toBeCloseTo(1 - 2 / Math.sqrt(6), 14));
  it("diversity is 1 if no two items share a user", () => expect(value("diversity", list([0, 3], [3]), 2)).toBe(1));
  it("diversity of a list of one is NaN", () => expect(value("diversity", list([0, 1], [3]), 1)).toBeNaN());

  it("serendipity leaves out the hits that popularity would have had", () => {
    // Popularity order: a b c d. For a new user the obvious two are a b; for a user who has a, they are b c.
    expect(value("serendipity", list([0, 3], [0, 3]), 2)).toBe(1 / 2);
    expect(value("serendipity", list([2, 3], [2, 3], [0]), 2)).toBe(1 / 2);
    expect(value("serendipity", list([2, 3], [2, 3]), 2)).toBe(1);
  });

  it("gini is 0 for equal shares and 1 - 1/n if one item has everything", () => {
    expect(metrics.gini.measure(Uint32Array.of(5, 5, 5, 5))).toBe(0);
    expect(metrics.gini.measure(Uint32Array.of(0, 0, 9, 0))).toBe(0.75);
    expect(metrics.gini.measure(Uint32Array.of(1, 3))).toBe(0.25);
    expect(metrics.gini.measure(new Uint32Array(3))).toBeNaN();
  });

  it("coverage is the share of items shown", () => expect(metrics.coverage.measure(Uint32Array.of(0, 1, 7, 0))).toBe(0.5));
});

describe("calibration", () => {
  const films = new Dataset({
    users: train.users,
    items: train.items,
    interactions: train.interactions,
    itemFeatures: { genre: { type: "category", codes: Uint32Array.of(0, 0, 1, 0xffffffff), names: ["drama", "comedy"] } },
  });
  const measure = metrics.calibration.measure(new Catalog(films));

  it("is 0 if list and history have the same mix", () => expect(measure(list([1, 2], [1], [0, 2]), 2)).toBeCloseTo(0, 14));
  it("is ln 100 if the list has nothing that the user likes", () =>
    expect(measure(list([2], [1], [0, 1]), 1)).toBeCloseTo(Math.log(100), 12));
  it("leaves out items without a category, and is NaN if none are left", () => {
    expect(measure(list([1, 3], [1], [0]), 2)).toBeCloseTo(0, 14);
    expect(measure(list([3], [1], [0]), 1)).toBeNaN();
    expect(measure(list([1], [1], [3]), 1)).toBeNaN();
  });
  it("says what is missing if items have no categories", () => {
    expect(() => metrics.calibration.measure(catalog)).toThrowError(/item feature of type category/);
    expect(() => metrics.calibration.measure(new Catalog(films, { categories: "genres" }))).toThrowError(/genre/);
  });
});

it("every metric is registered under the name of its file", () => {
  for (const [key, metric] of Object.entries(metrics)) expect(metric.name).toBe(key);
});
