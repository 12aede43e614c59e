import { describe, expect, test } from "vitest";
import { type FeatureColumn, MISSING } from "../../data/features.ts";
import { Random } from "../../util/random.ts";
import type { CatalogView } from "../source.ts";
import { historyOf, sourceRequest } from "../testing/requests.ts";
import { ContentSource } from "./content.ts";

type Changing = { -readonly [K in keyof CatalogView]: CatalogView[K] };

function catalogOf(size: number, columns: Readonly<Record<string, FeatureColumn>>): Changing {
  return { size, version: 1, firstSeen: new Float64Array(size).fill(Number.NaN), columns };
}

const texts = (...values: string[]): FeatureColumn => ({ type: "text", values });
const numbers = (...values: number[]): FeatureColumn => ({ type: "number", values: Float64Array.from(values) });
const category = (names: string[], ...codes: number[]): FeatureColumn => ({ type: "category", names, codes: Uint32Array.from(codes) });

function like(source: ContentSource, item: number, size: number): number[] {
  return [...source.candidates(sourceRequest(size, { anchors: Uint32Array.of(item), allowed: allBut(size, item) })).items];
}

function allBut(size: number, ...items: number[]): Uint8Array {
  const allowed = new Uint8Array(size).fill(1);
  for (const item of items) allowed[item] = 0;
  return allowed;
}

describe("similar items", () => {
  test("share rare rather than common words, ignoring case and accents", () => {
    const titles = texts("The Café of Dr. Møller", "the CAFE", "The Harbour", "the Night Train", "A night at the harbour", "");
    const source = new ContentSource(catalogOf(6, { titles }));
    expect(like(source, 0, 6)[0]).toBe(1);
    expect(like(source, 4, 6).slice(0, 2).sort()).toEqual([2, 3]);
    expect(like(source, 5, 6)).toEqual([]);
  });

  test("have the same category, close numbers, or several categories in common", () => {
    const size = 40;
    const genre = category(["noir", "western", "drama", "comedy"], ...Array.from({ length: size }, (_, item) => item % 4));
    const price = numbers(...Array.from({ length: size }, (_, item) => item));
    const byGenre = like(new ContentSource(catalogOf(size, { genre })), 1, size);
    expect(byGenre.every((item) => item % 4 === 1)).toBe(true);
    const byBoth = like(new ContentSource(catalogOf(size, { genre, price })), 1, size);
    expect(byBoth[0]).toBe(5);
    const tags: FeatureColumn = {
      type: "categories",
      names: ["a", "b", "c", "d"],
      offsets: Uint32Array.of(0, 2, 4, 5, 7, 7),
      codes: Uint32Array.of(0, 1, 0, 1, 0, 2, 3),
    };
    expect(like(new ContentSource(catalogOf(5, { tags })), 0, 5)).toEqual([1, 2]);
  });

  test("point the same way if they have vectors", () => {
    const size = 600;
    const random = new Random(3);
    const dimensions = 16;
    // Items come in 60 bundles of 10.
    const centers = Float64Array.from({ length: 60 * dimensions }, () => random.normal());
    const values = new Float32Array(size * dimensions);
    for (let item = 0; item < size; item++)
      for (let d = 0; d < dimensions; d++) values[item * dimensions + d] = centers[(item % 60) * dimensions + d] + 0.1 * random.normal();
    values.fill(Number.NaN, 7 * dimensions, 8 * dimensions);
    const source = new ContentSource(catalogOf(size, { embedding: { type: "vector", dimensions, values } }));
    expect(
      like(source, 5, size)
        .slice(0, 9)
        .every((item) => item % 60 === 5),
    ).toBe(true);
    expect(like(source, 7, size)).toEqual([]);
  });

  test("are compared by the given properties only, and missing values are similar to nothing", () => {
    const genre = category(["noir", "western"], 0, 0, 1, MISSING, MISSING);
    const title = texts("one", "two", "one", "three", "four");
    expect(like(new ContentSource(catalogOf(5, { genre, title }), { properties: ["title"] }), 0, 5)).toEqual([2]);
    expect(like(new ContentSource(catalogOf(5, { genre, title }), { properties: ["genre", "gone"] }), 3, 5)).toEqual([]);
  });
});

describe("for a person", () => {
  const names = ["rose", "oak", "pine", "tulip"];
  const size = 400;
  const kind = category(names, ...Array.from({ length: size }, (_, item) => item % 4));
  const title = texts(...Array.from({ length: size }, (_, item) => `${names[item % 4]} number ${item}`));
  const catalog = catalogOf(size, { kind, title });

  test("returns items similar to the newest ones, scores other sources' candidates, and explains by which item", () => {
    const source = new ContentSource(catalog);
    const request = sourceRequest(size, { history: historyOf(9, 4), allowed: allBut(size, 9, 4), k: 30 });
    const { items, scores } = source.candidates(request);
    expect(items.length).toBe(30);
    expect(items.every((item) => item % 4 <= 1)).toBe(true);
    expect(items.filter((item) => item % 4 === 1).length).toBeGreaterThan(items.filter((item) => item % 4 === 0).length - 1);
    const out = new Float32Array(items.length);
    source.score(request, items, out);
    out.forEach((score, i) => {
      expect(score).toBeCloseTo(scores[i], 4);
    });
    expect(source.explain(request, 13)[0].item).toBe(9);
    expect(source.explain(request, 12)[0].item).toBe(4);
  });

  test("returns nothing without a history", () => {
    expect(new ContentSource(catalog).candidates(sourceRequest(size)).items).toHaveLength(0);
  });
});

describe("catalog changes", () => {
  test("an item is included as soon as it has properties, even in existing lists", () => {
    const catalog = catalogOf(3, { title: texts("red wine", "white wine", "cheese") });
    const source = new ContentSource(catalog);
    const personal = () => [...source.candidates(sourceRequest(9, { history: historyOf(0), allowed: allBut(9, 0) })).items];
    expect(personal()).toEqual([1]);
    catalog.columns = { title: texts("red wine", "white wine", "cheese", "red wine glass", "") };
    catalog.size = 5;
    catalog.version++;
    expect(personal().sort()).toEqual([1, 3]);
    catalog.columns = { title: texts("red wine", "white wine", "cheese", "red wine glass", "wine from the red hill") };
    catalog.version++;
    expect(personal().sort()).toEqual([1, 3, 4]);
    catalog.columns = { title: texts("red wine", "bread", "cheese", "red wine glass", "wine from the red hill") };
    catalog.version++;
    expect(like(source, 1, 5)).toEqual([]);
  });

  test("a property that is added later or changes its type is used", () => {
    const catalog = catalogOf(4, {});
    const source = new ContentSource(catalog);
    expect(like(source, 0, 4)).toEqual([]);
    catalog.columns = { kind: texts("wine", "beer", "wine", "tea") };
    catalog.version++;
    expect(like(source, 0, 4)).toEqual([2]);
    catalog.columns = { kind: category(["wine", "tea"], 1, 0, 0, 1) };
    catalog.version++;
    expect(like(source, 0, 4)).toEqual([3]);
  });

  test("a large catalog is indexed between requests: new items immediately, changed ones soon", async () => {
    const size = 3000;
    const words = Array.from({ length: size }, (_, item) => `word${item % 100} common`);
    const catalog = catalogOf(size, { title: texts(...words) });
    const source = new ContentSource(catalog);
    expect(source.ready()).toBe(false);
    await source.settled;
    expect(source.ready()).toBe(true);
    expect(
      like(source, 5, size)
        .slice(0, 10)
        .every((item) => item % 100 === 5),
    ).toBe(true);
    catalog.columns = { title: texts(...words, "word0 common") };
    catalog.size = size + 1;
    catalog.version++;
    expect(like(source, size, size + 1)[0] % 100).toBe(0);
    await source.settled;
    // With another property it answers as before until that one is indexed.
    catalog.columns = { title: texts(...words, "word0 common"), color: texts(...Array.from({ length: size + 1 }, () => "red")) };
    catalog.version++;
    expect(source.ready()).toBe(true);
    expect(like(source, size, size + 1)[0] % 100).toBe(0);
    await source.settled;
    words[7] = "word5 quite unlike before";
    catalog.columns = { title: texts(...words, "word0 common") };
    catalog.version++;
    await source.settled;
    expect(like(source, 7, size + 1)[0] % 100).toBe(5);
  });
});
