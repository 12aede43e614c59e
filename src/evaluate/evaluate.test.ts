import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Dataset, type InteractionRow } from "../data/dataset.ts";
import type { Split } from "../data/split.ts";
import { Vocabulary } from "../data/vocabulary.ts";
import { defineModel } from "../model/define-model.ts";
import { realData } from "../testing/real-data.ts";
import { Random } from "../util/random.ts";
import type { RankingModel } from "./asked-histories.ts";
import { evaluate, type RankingModelSpec } from "./evaluate.ts";

/** A model with given scores: by item, or by the sum of a history's item numbers and the item. */
function scoring(
  name: string,
  score: (item: number, history: Uint32Array) => number,
  predicts: "ranking" | "rating" = "ranking",
): RankingModelSpec {
  return defineModel({
    name,
    family: "test",
    predicts,
    options: {},
    fit: () => ({}),
    score(_, histories, out) {
      const { columns: items, offsets, indices } = histories.bag();
      for (let row = 0; row < histories.rows; row++) {
        const history = indices.subarray(offsets[row], offsets[row + 1]);
        for (let item = 0; item < items; item++) out[row * items + item] = score(item, history);
      }
    },
  })();
}

function cut(train: InteractionRow[], test: InteractionRow[]): Split {
  const all = Dataset.fromRows([...train, ...test]);
  const rows = Array.from({ length: all.size }, (_, i) => i);
  return {
    train: all.select(Uint32Array.from(rows.slice(0, train.length)), { step: "train" }),
    test: all.select(Uint32Array.from(rows.slice(train.length)), { step: "test" }),
  };
}

/** Users 0 … users-1, each with random items: a few in training and one to four held out. */
function randomSplit(users: number, items: number, seed = 1): Split {
  const random = new Random(seed);
  const train: InteractionRow[] = [];
  const test: InteractionRow[] = [];
  for (let user = 0; user < users; user++) {
    const chosen = random.shuffle(Uint32Array.from({ length: items }, (_, i) => i));
    const known = random.integer(8);
    const withheld = 1 + random.integer(4);
    for (let i = 0; i < known + withheld; i++)
      (i < known ? train : test).push({ user, item: chosen[i] % (1 + random.integer(items)), weight: 1 + random.integer(5) });
  }
  return cut(train, test);
}

const descending = scoring("descending", (item) => -item);
const ascending = scoring("ascending", (item) => item);
const noise = (name: string, seed: number) =>
  scoring(name, (item, history) => new Random(seed + item * 1000 + history.reduce((sum, i) => sum + i, 0)).uniform());

describe("a small evaluation worked by hand", () => {
  // Items a b c d e f are 0 … 5; the model prefers early ones.
  const split = cut(
    [
      { user: "u", item: "a" },
      { user: "u", item: "b" },
      { user: "v", item: "c" },
      { user: "w", item: "d" },
      { user: "w", item: "e" },
      { user: "w", item: "f" },
    ],
    [
      // Seen: a b. List: c d. One hit of two.
      { user: "u", item: "d" },
      { user: "u", item: "f" },
      // Seen: c. List: a b. One hit of one.
      { user: "v", item: "a" },
    ],
  );

  it("masks seen items, ranks all others, and averages over users with held-out items", async () => {
    const evaluation = await evaluate([descending], split, {
      k: 2,
      metrics: ["recall", "precision", "ndcg", "hit-rate", "coverage", "auc"],
    });
    const { metrics } = evaluation.models[0];
    expect(metrics["recall@2"].value).toBeCloseTo((1 / 2 + 1) / 2, 12);
    expect(metrics["precision@2"].value).toBeCloseTo((1 / 2 + 1 / 2) / 2, 12);
    expect(metrics["ndcg@2"].value).toBeCloseTo((1 / Math.log2(3) / (1 + 1 / Math.log2(3)) + 1) / 2, 12);
    expect(metrics["hit-rate@2"].value).toBe(1);
    // Shown: c d, a b.
    expect(metrics["coverage@2"].value).toBeCloseTo(4 / 6, 12);
    // u: d beats e, f beats none of c e; d loses to c. 1 of 4 pairs. v: a beats b d e f.
    expect(metrics.auc.value).toBeCloseTo((1 / 4 + 1) / 2, 12);
    expect(metrics["recall@2"].users).toBe(2);
    expect(evaluation.data.testUsers).toBe(2);
  });

  it("measures ratings over all held-out rows, for models that predict ratings", async () => {
    const rated = cut(
      [
        { user: "u", item: "a", weight: 4 },
        { user: "v", item: "b", weight: 2 },
      ],
      [
        { user: "u", item: "b", weight: 5 },
        { user: "u", item: "c", weight: 1 },
        { user: "v", item: "a", weight: 3 },
      ],
    );
    const evaluation = await evaluate([scoring("three", () => 3, "rating"), descending], rated, { k: 1 });
    const [three, ranker] = evaluation.models;
    expect(three.metrics.rmse.value).toBeCloseTo(Math.sqrt((4 + 4 + 0) / 3), 6);
    expect(three.metrics.mae.value).toBeCloseTo(4 / 3, 6);
    expect(three.metrics["ndcg@1"].value).not.toBeNull();
    expect(ranker.metrics.rmse).toBeUndefined();
    expect(evaluation.warnings.join()).not.toContain("no rating error");
    const asked = await evaluate([scoring("three", () => 3, "rating"), descending], rated, { k: 1, metrics: ["rmse"] });
    expect(asked.warnings.join()).toContain("descending ranks items but doesn't predict ratings");
    const only = await evaluate([descending], rated, { k: 1 });
    expect(only.protocol.columns.map(({ name }) => name)).not.toContain("rmse");
  });

  it("leaves out held-out repeats of the history, and says so", async () => {
    const repeated = cut(
      [
        { user: "u", item: "a" },
        { user: "u", item: "b" },
        { user: "v", item: "c" },
      ],
      [
        { user: "u", item: "a" },
        { user: "u", item: "c" },
        { user: "u", item: "c" },
        { user: "v", item: "c" },
      ],
    );
    const evaluation = await evaluate([descending], repeated, { k: 1, metrics: ["recall"] });
    expect(evaluation.models[0].metrics["recall@1"]).toMatchObject({ value: 1, users: 1 });
    expect(evaluation.warnings.join()).toContain("2 held-out items were ignored");
  });

  it("evaluates users without a history, counts them, and gives them a segment", async () => {
    const cold = cut(
      [
        { user: "u", item: "a" },
        { user: "u", item: "b" },
      ],
      [
        { user: "u", item: "c" },
        { user: "new", item: "a" },
      ],
    );
    const evaluation = await evaluate([descending], cold, { k: 1, metrics: ["recall"] });
    expect(evaluation.data).toMatchObject({ testUsers: 2, coldUsers: 1 });
    expect(evaluation.data.coldItemShare).toBe(1 / 2);
    expect(evaluation.models[0].metrics["recall@1"].value).toBe(1);
    expect(evaluation.segments[0].groups.map(({ name, users }) => [name, users])).toEqual([
      ["0, cold", 1],
      ["2", 1],
    ]);
  });

  it("shows the model the history of the split if it differs from the training part", async () => {
    const all = Dataset.fromRows([
      { user: "u", item: "a" },
      { user: "u", item: "b" },
      { user: "v", item: "a" },
      { user: "v", item: "c" },
    ]);
    const part = (...rows: number[]) => all.select(Uint32Array.from(rows), { step: "part" });
    const seen: number[][] = [];
    const watching = scoring("watching", (item, history) => {
      if (item === 0) seen.push([...history]);
      return -item;
    });
    const evaluation = await evaluate([watching], { train: part(0, 1), test: part(3), history: part(2) }, { k: 1, metrics: ["recall"] });
    expect(seen).toContainEqual([0]);
    // a is masked, so the list is b: a miss.
    expect(evaluation.models[0].metrics["recall@1"].value).toBe(0);
  });
});

describe("sampled candidates", () => {
  it("rank a user's items among that many others, with a warning", async () => {
    const split = randomSplit(300, 200);
    const evaluation = await evaluate([noise("noise", 1), ascending], split, {
      k: 5,
      metrics: ["recall", "hit-rate"],
      sampledCandidates: 19,
    });
    const full = await evaluate([noise("noise", 1)], split, { k: 5, metrics: ["recall"] });
    expect(evaluation.protocol.candidates).toBe(19);
    expect(evaluation.warnings[0]).toContain("Only 19 random items");
    expect(full.warnings.join()).not.toContain("random items");
    // A random list of 5 has about a quarter of about 20 candidates, and a fortieth of 200 items.
    expect(evaluation.models[0].metrics["recall@5"].value).toBeGreaterThan(0.15);
    expect(full.models[0].metrics["recall@5"].value).toBeLessThan(0.08);
  });

  it("equal the ranking of all items if there are at least as many", async () => {
    const split = randomSplit(60, 30, 4);
    const sampled = await evaluate([noise("noise", 2), descending], split, { k: [3, 10], sampledCandidates: 1000 });
    const full = await evaluate([noise("noise", 2), descending], split, { k: [3, 10] });
    expect(sampled.models.map(({ metrics }) => metrics)).toEqual(full.models.map(({ metrics }) => metrics));
  });
});

describe("segments", () => {
  it("by history length split the users, so that their weighted mean is the mean", async () => {
    const evaluation = await evaluate([noise("noise", 3), descending], randomSplit(400, 40), { k: 5, metrics: ["ndcg", "novelty"] });
    const [segment] = evaluation.segments;
    expect(segment.by).toBe("history-length");
    expect(segment.groups.length).toBeGreaterThan(3);
    for (const { label, metrics } of evaluation.models)
      for (const column of ["ndcg@5", "novelty@5"]) {
        const sum = segment.groups.reduce(
          (total, { values }) => total + (values[label][column].value ?? 0) * values[label][column].users,
          0,
        );
        expect(sum / metrics[column].users).toBeCloseTo(metrics[column].value ?? Number.NaN, 10);
      }
  });

  it("by item popularity give a model that shows only popular items nothing in the tail", async () => {
    const split = randomSplit(400, 40);
    const counts = new Float64Array(split.train.items.size);
    for (const item of split.train.interactions.item) counts[item]++;
    const popular = scoring("popular", (item) => counts[item]);
    const rare = scoring("rare", (item) => -counts[item]);
    const evaluation = await evaluate([popular, rare], split, { k: 5, metrics: ["recall", "coverage"] });
    const groups = Object.fromEntries(evaluation.segments[1].groups.map((group) => [group.name, group]));
    expect(Object.keys(groups)).toEqual(["head", "mid", "tail"]);
    const recall = (group: string, label: string) => groups[group].values[label]["recall@5"].value ?? Number.NaN;
    expect(recall("head", "popular")).toBeGreaterThan(recall("head", "rare"));
    expect(recall("tail", "popular")).toBe(0);
    expect(recall("tail", "rare")).toBeGreaterThan(0);
    expect(groups.head.values.popular["coverage@5"]).toBeUndefined();
  });
});

describe("comparisons", () => {
  it("tell a better model from a worse one, but not equal ones", async () => {
    const split = randomSplit(400, 40);
    const wanted = new Set(split.test.interactions.item);
    const evaluation = await evaluate(
      [
        noise("noise-a", 5),
        scoring("knowing", (item, history) => (wanted.has(item) ? 1 : 0) + (history.length > 2 ? item % 3 : -item) / 100),
        noise("noise-b", 6),
      ],
      split,
      { k: 5, metrics: ["ndcg", "coverage"] },
    );
    expect(evaluation.comparisons).toHaveLength(3);
    const of = (a: string, b: string) => evaluation.comparisons.find((one) => [one.a, one.b].sort().join() === [a, b].sort().join());
    expect(of("noise-a", "noise-b")).toMatchObject({ significant: false });
    for (const { a, b, difference, low, high, p, pAdjusted } of evaluation.comparisons) {
      const value = (label: string) => evaluation.models.find((model) => model.label === label)?.metrics["ndcg@5"].value ?? Number.NaN;
      expect(difference).toBeCloseTo(value(a) - value(b), 12);
      expect(difference).toBeGreaterThanOrEqual(0);
      expect(low).toBeLessThan(difference);
      expect(high).toBeGreaterThan(difference);
      expect(pAdjusted).toBeGreaterThanOrEqual(p);
    }
  });

  it("of a model with itself find no difference", async () => {
    const evaluation = await evaluate([ascending, ascending], randomSplit(50, 20), { k: 5, metrics: ["ndcg"] });
    expect(evaluation.comparisons).toEqual([
      { column: "ndcg@5", a: "ascending", b: "ascending #2", difference: 0, low: 0, high: 0, p: 1, pAdjusted: 1, significant: false },
    ]);
  });

  it("call the worse of two errors worse", async () => {
    const split = randomSplit(200, 30);
    const evaluation = await evaluate([scoring("one", () => 1, "rating"), scoring("three", () => 3, "rating")], split, {
      k: 5,
      metrics: ["rmse"],
    });
    expect(evaluation.comparisons[0]).toMatchObject({ a: "three", b: "one", significant: true });
    expect(evaluation.comparisons[0].difference).toBeLessThan(0);
    expect(evaluation.ranking[0].label).toBe("three");
  });
});

it("the same seed gives the same result; another seed gives other intervals around the same values", async () => {
  const split = randomSplit(100, 30);
  const run = async (seed: number) =>
    (await evaluate([noise("noise", 1), descending], split, { k: 5, seed, metrics: ["ndcg", "recall"] })).models.map(
      (model) => model.metrics,
    );
  const first = await run(1);
  expect(await run(1)).toEqual(first);
  const other = await run(2);
  expect(other[0]["ndcg@5"].value).toBe(first[0]["ndcg@5"].value);
  expect(other[0]["ndcg@5"].low).not.toBe(first[0]["ndcg@5"].low);
});

it("ranks in blocks, so that memory doesn't grow with users times items", async () => {
  const users = 5000;
  const train = Array.from({ length: users }, (_, user) => ({ user, item: user % 1200 }));
  const split = cut(
    train,
    train.map(({ user, item }) => ({ user, item: (item + 1) % 1200 })),
  );
  const blocks: number[] = [];
  const floats: number[] = [];
  const model: RankingModel = {
    name: "watched",
    family: "test",
    options: {},
    predicts: "ranking",
    items: split.train.items,
    rank(histories, { k }) {
      blocks.push(histories.rows);
      return { k, items: new Uint32Array(histories.rows * k).map((_, i) => i % k), scores: new Float32Array(histories.rows * k) };
    },
    scores(_, out) {
      floats.push(out.length);
    },
  };
  const evaluation = await evaluate([model], split, { k: 5, metrics: ["recall", "auc"], resamples: 0 });
  expect(blocks.reduce((sum, rows) => sum + rows, 0)).toBe(users);
  expect(Math.max(...blocks)).toBeLessThanOrEqual(4096);
  expect(floats.reduce((sum, length) => sum + length, 0)).toBe(users * 1200);
  expect(Math.max(...floats)).toBeLessThanOrEqual(1 << 22);
  expect(evaluation.models[0].fitSeconds).toBeNull();
  expect(evaluation.models[0].metrics.auc.value).toBe(0.5);
});

describe("refusals", () => {
  const split = randomSplit(20, 10);
  it.each([
    ["an unknown metric, suggesting a similar one", { metrics: ["ndgc"] }, /Did you mean ndcg\?/],
    ["a repeated metric", { metrics: ["ndcg", "ndcg"] }, /twice/],
    ["k below 1", { k: 0 }, /k must be/],
    ["no k", { k: [] }, /k must be/],
    ["a confidence outside (0, 1)", { confidence: 95 }, /confidence/],
    ["no sampled candidates", { sampledCandidates: 0 }, /sampledCandidates/],
    ["category metrics without categories", { metrics: ["calibration"] }, /item feature of type category/],
  ])("%s", async (_, options, message) => {
    await expect(evaluate([descending], split, options as Parameters<typeof evaluate>[2])).rejects.toThrowError(message);
  });

  it("no models, nothing held out, no ratings, different items", async () => {
    await expect(evaluate([], split)).rejects.toThrowError(/No models/);
    const none = split.train.select(new Uint32Array(0), { step: "none" });
    await expect(evaluate([descending], { train: split.train, test: none })).rejects.toThrowError(/nothing to evaluate/);
    const unrated = cut([{ user: 1, item: 1 }], [{ user: 1, item: 2 }]);
    await expect(evaluate([descending], unrated, { metrics: ["rmse"] })).rejects.toThrowError(/ratings/);
    const foreign = await descending.fit(unrated.train);
    await expect(evaluate([foreign], split)).rejects.toThrowError(/different items/);
    await expect(evaluate([descending], { train: split.train, test: unrated.test })).rejects.toThrowError(/vocabularies/);
  });

  it("continuing after an abort", async () => {
    const controller = new AbortController();
    const seen: string[] = [];
    const running = evaluate([descending, ascending], split, {
      signal: controller.signal,
      onProgress: ({ task }) => {
        seen.push(task);
        if (task.startsWith("descending: ranking")) controller.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ code: "aborted" });
    expect(seen.some((task) => task.startsWith("ascending"))).toBe(false);
  });
});

const movielens = realData("ml-100k");
it.skipIf(movielens === undefined)("agrees with ranx, RecTools and scikit-learn on the u1 split of MovieLens 100K", async () => {
  const read = (name: string) =>
    gunzipSync(readFileSync(`${movielens}/${name}.gz`))
      .toString()
      .trim()
      .split("\n")
      .map((line) => line.split("\t").map(Number));
  const users = new Vocabulary(
    "user",
    Array.from({ length: 943 }, (_, i) => i + 1),
  );
  const items = new Vocabulary(
    "item",
    Array.from({ length: 1682 }, (_, i) => i + 1),
  );
  const dataset = (rows: number[][]) =>
    new Dataset({
      users,
      items,
      interactions: {
        user: Uint32Array.from(rows, ([user]) => user - 1),
        item: Uint32Array.from(rows, ([, item]) => item - 1),
        weight: Float64Array.from(rows, (row) => row[2]),
      },
    });
  const split = { train: dataset(read("u1.base")), test: dataset(read("u1.test")) };
  const counts = new Float64Array(1682);
  const sums = new Float64Array(1682);
  split.train.interactions.item.forEach((item, i) => {
    counts[item]++;
    sums[item] += split.train.interactions.weight?.[i] ?? 0;
  });
  const popular = scoring("popular", (item) => counts[item]);
  const itemMean = scoring("item-mean", (item) => (counts[item] > 0 ? sums[item] / counts[item] : 3.52835), "rating");
  const evaluation = await evaluate([popular, itemMean], split, {
    k: [10, 20],
    metrics: ["precision", "recall", "ndcg", "mrr", "hit-rate", "coverage", "average-popularity", "auc", "rmse", "mae"],
    resamples: 200,
  });
  const [{ metrics }, { metrics: errors }] = evaluation.models;
  // ranx 0.3.21
  expect(metrics["precision@10"].value).toBeCloseTo(0.30479302832244004, 10);
  expect(metrics["recall@10"].value).toBeCloseTo(0.09751929077564937, 10);
  expect(metrics["ndcg@10"].value).toBeCloseTo(0.3253926913979171, 10);
  expect(metrics["ndcg@20"].value).toBeCloseTo(0.300428693110561, 10);
  expect(metrics["mrr@10"].value).toBeCloseTo(0.5449329114361794, 10);
  expect(metrics["hit-rate@10"].value).toBeCloseTo(0.8714596949891068, 10);
  // RecTools 0.19.0, and a count of distinct items in NumPy
  expect(metrics["average-popularity@10"].value).toBeCloseTo(368.7135076252723, 8);
  expect(metrics["coverage@10"].value).toBeCloseTo(0.03032104637336504, 10);
  // scikit-learn 1.9.1
  expect(metrics.auc.value).toBeCloseTo(0.857260390373987, 6);
  expect(errors.rmse.value).toBeCloseTo(1.0334113714152895, 5);
  expect(errors.mae.value).toBeCloseTo(0.8275684032890005, 5);
  expect(metrics["ndcg@10"].users).toBe(459);
});
