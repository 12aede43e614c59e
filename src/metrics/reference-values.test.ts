import { describe, expect, it } from "vitest";
import { csrFromCoordinates } from "../data/csr.ts";
import { Dataset } from "../data/dataset.ts";
import { Vocabulary } from "../data/vocabulary.ts";
import { Catalog } from "./catalog.ts";
import { auc, metrics } from "./index.gen.ts";
import type { ListMetric } from "./metric.ts";

// Six users and fifteen items, drawn at random once. Each expected number below was computed by the package named next to it.
const history = [[3, 6, 10], [0, 1, 2, 3, 14], [2, 4], [0, 3, 8, 9], [], [0, 4, 6, 9]];
const relevant = [[2, 12], [9, 10, 12, 13], [5], [1, 4, 5, 6, 7, 11, 12, 13, 14], [5, 6, 8], [2, 8]];
const lists = [
  [5, 14, 9, 7, 0, 8, 1, 12],
  [12, 11, 8, 7, 10, 9, 13, 4],
  [1, 3, 0, 14, 10, 8, 13, 12],
  [4, 12, 6, 14, 13, 5, 7, 1],
  [10, 7, 14, 13, 1, 6, 5, 4],
  [8, 12, 5, 11, 13, 14, 7, 3],
];
const genres = [[0], [3], [1, 2], [1], [0, 1], [0, 3], [1, 3], [1], [3], [0], [1, 3], [0, 1], [2], [0, 1], [3]];

const user = Uint32Array.from(history.flatMap((items, u) => items.map(() => u)));
const { offsets, indices } = csrFromCoordinates(
  15,
  4,
  Uint32Array.from(genres.flatMap((g, i) => g.map(() => i))),
  Uint32Array.from(genres.flat()),
);
const catalog = new Catalog(
  new Dataset({
    users: new Vocabulary("user", [0, 1, 2, 3, 4, 5]),
    items: new Vocabulary("item", Array.from(genres.keys())),
    interactions: { user, item: Uint32Array.from(history.flat()) },
    itemFeatures: { genres: { type: "categories", offsets, codes: indices, names: ["a", "b", "c", "d"] } },
  }),
);

const judged = lists.map((list, u) => ({
  items: Uint32Array.from(list),
  hits: Uint8Array.from(list, (item) => (relevant[u].includes(item) ? 1 : 0)),
  relevant: Uint32Array.from(relevant[u]),
  history: Uint32Array.from(history[u]),
}));

function perUser(metric: ListMetric, k: number): number[] {
  const measure = metric.measure(catalog);
  return judged.map((list) => measure(list, k));
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("list metrics match the packages of the field", () => {
  it.each([
    // ranx 0.3.21 and irspack 0.3.1 (both), RecTools 0.19.0 (all but ndcg, whose ideal list it does not cut at |T|)
    ["precision", 3, 0.27777777777777773],
    ["precision", 8, 0.3333333333333333],
    ["recall", 3, 0.18055555555555555],
    ["recall", 8, 0.5925925925925926],
    ["hit-rate", 3, 0.5],
    ["hit-rate", 8, 0.8333333333333334],
    ["ndcg", 3, 0.3470709864647025],
    ["ndcg", 8, 0.49012380406965],
    ["mrr", 3, 0.5],
    ["mrr", 8, 0.548611111111111],
    // irspack 0.3.1, recall_with_cutoff=True
    ["capped-recall", 3, 0.3055555555555555],
    ["capped-recall", 8, 0.611111111111111],
    // RecTools 0.19.0 AvgRecPopularity
    ["average-popularity", 3, 1.0],
    ["average-popularity", 8, 0.875],
    // recmetrics 0.1.5 novelty, with the popularity of items without users set to 1
    ["novelty", 3, 2.2421888895299165],
    ["novelty", 8, 2.307048958994393],
    // scikit-learn 1.9.1 cosine_distances between genre sets, averaged over pairs
    ["category-diversity", 3, 0.7758036718926257],
    ["category-diversity", 8, 0.659532828512887],
  ] as const)("%s@%i", (name, k, expected) => {
    expect(mean(perUser(metrics[name] as ListMetric, k))).toBeCloseTo(expected, 12);
  });

  it.each([
    // ranx 0.3.21 and RecTools 0.19.0 divide average precision by |T|, so ours is converted first.
    [3, 0.18055555555555555],
    [8, 0.37000661375661376],
  ])("map@%i, after the change of denominator", (k, expected) => {
    const values = perUser(metrics.map, k).map((value, u) => (value * Math.min(k, relevant[u].length)) / relevant[u].length);
    expect(mean(values)).toBeCloseTo(expected, 12);
  });

  it.each([
    // scikit-learn 1.9.1 cosine_distances between the items' users; undefined for users with fewer than two items that anyone chose
    [3, [1.0, Number.NaN, 0.3928775983180272, 0.5, 1.0, Number.NaN]],
    [8, [0.5744345830316849, 0.7988155364689087, 0.6194587632670635, 0.75, 0.7792893218813453, 0.6150998205402495]],
  ])("diversity@%i", (k, expected) => {
    perUser(metrics.diversity, k).forEach((value, u) => {
      if (Number.isNaN(expected[u])) expect(value).toBeNaN();
      else expect(value).toBeCloseTo(expected[u], 12);
    });
  });

  it.each([
    // scipy 1.17.1 entropy(p, 0.99 q + 0.01 p)
    [3, [2.9360713883778446, 0.16244486211575437, 1.2802365942371696, 0.5682294867768306, Number.NaN, 1.7880887675309272]],
    [8, [0.9978538370823578, 0.12157370291143813, 0.5834862078698595, 0.32633303665871133, Number.NaN, 0.5237515729676011]],
  ])("calibration@%i", (k, expected) => {
    perUser(metrics.calibration, k).forEach((value, u) => {
      if (Number.isNaN(expected[u])) expect(value).toBeNaN();
      else expect(value).toBeCloseTo(expected[u], 12);
    });
  });
});

describe("exposure metrics match irspack 0.3.1", () => {
  it.each([
    [3, 13 / 15, 0.3111111111111111],
    [8, 14 / 15, 0.25277777777777777],
  ])("at %i", (k, coverage, gini) => {
    const exposure = new Uint32Array(15);
    for (const list of lists) for (const item of list.slice(0, k)) exposure[item]++;
    expect(metrics.coverage.measure(exposure)).toBeCloseTo(coverage, 12);
    expect(metrics.gini.measure(exposure)).toBeCloseTo(gini, 12);
  });
});

it("auc matches scikit-learn 1.9.1 roc_auc_score, ties included", () => {
  const scores = [
    [-0.8, -0.6, 0.2, 0.5, -0.2, -0.2, 0.7, 0.5, -1, -0.1, 0, -1.1, 0.3, -0.9, 1],
    [0.2, 0.1, -0.6, -0.1, -2, -1.1, 0.4, -2.1, 0.8, -1.7, 0.8, -0.8, 0.8, 0.1, -1.5],
    [1.2, 1.4, -0.1, -0.3, -0.2, -1, 1.1, -0.5, -0.1, -0.8, -0.6, -1.3, 1.3, -0.2, 1],
    [0, -0.7, -0.3, -0.6, 0, -0.4, -0.3, -1.4, -0.8, 1.7, -0.7, -1.1, 0.3, 1.4, -1.5],
    [-0.2, -0.6, -1.8, 0.7, -0, 0.1, -0.8, 0.5, -0.5, -0.1, -1.1, -1.2, 1.3, -0.5, 0.3],
    [-0, -0.4, -0.5, 0.6, -0.3, -0.2, 0, 1.2, 0.7, 0.4, -0.6, -1.4, 0.9, 1, -0.1],
  ];
  const expected = [0.8, 0.7083333333333334, 0.08333333333333337, 0.5, 0.4305555555555556, 0.4444444444444444];
  scores.forEach((row, u) => {
    expect(auc.measure(Float32Array.from(row), Uint32Array.from(relevant[u]), Uint32Array.from(history[u]))).toBeCloseTo(expected[u], 12);
  });
});

it("rmse and mae match scikit-learn 1.9.1", () => {
  const predicted = [2.24, 4.75, 3.15, 4.25, 3.63, 3.44, 1.77, 3.3, 1.16, 4.21, 4.84, 4.42];
  const actual = [1, 1, 3, 2, 5, 2, 1, 1, 2, 4, 1, 4];
  const losses = (metric: typeof metrics.rmse | typeof metrics.mae) =>
    metric.finish(mean(predicted.map((value, i) => metric.loss(value, actual[i]))));
  expect(losses(metrics.rmse)).toBeCloseTo(1.9619335700612632, 12);
  expect(losses(metrics.mae)).toBeCloseTo(1.5483333333333331, 12);
});
