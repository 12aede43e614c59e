import { expect, test } from "vitest";
import { timePoint } from "../../data/splits/time-point.ts";
import { evaluate } from "../../evaluate/evaluate.ts";
import { defineModel } from "../../model/define-model.ts";
import { itemKnn } from "../../models/knn/item-knn.ts";
import { popularity } from "../../models/popularity/popularity.ts";
import { simulateCinema } from "../../simulate/cinema.ts";
import { judge } from "./judge.ts";
import { weightedEvents } from "./testing/weighted-events.ts";
import { trainingSet } from "./training-set.ts";
import { withhold } from "./withheld.ts";

const pause = async () => {};
const everything = { label: "any", gain: () => 1, adds: false };

test("ndcg, recall and coverage match evaluate for users known before the cut", async () => {
  const { data } = simulateCinema({ people: 200, films: 80, days: 200 });
  const { user, item, time } = data.interactions;
  const split = timePoint(data, { fraction: 0.2 });
  const at = Math.min(...(split.test.interactions.time ?? []));
  const known = new Set(split.train.interactions.user);
  const rows = Array.from(user.keys()).filter((i) => known.has(user[i]));
  const events = weightedEvents(rows.map((i) => [user[i], item[i], time?.[i] ?? 0] as const));
  const train = trainingSet(events, { before: at });
  const withheld = withhold(events, at, everything, { seed: 1 });
  for (const spec of [popularity(), itemKnn({ shrink: 10 })]) {
    const judged = await judge(await spec.fit(train), withheld, pause);
    const test = split.test.select(
      Uint32Array.from(split.test.interactions.user.keys()).filter((i) => known.has(split.test.interactions.user[i])),
      { step: "known" },
    );
    const evaluation = await evaluate(
      [spec],
      { train: split.train, test },
      { metrics: ["ndcg", "recall", "coverage"], resamples: 0, segments: [] },
    );
    const expected = evaluation.models[0].metrics;
    expect(judged.metrics.users).toBe(expected["ndcg@10"].users);
    expect(judged.metrics["ndcg@10"]).toBeCloseTo(expected["ndcg@10"].value ?? -1, 5);
    expect(judged.metrics["recall@10"]).toBeCloseTo(expected["recall@10"].value ?? -1, 5);
    expect(judged.metrics["coverage@10"] * withheld.histories.columns).toBeCloseTo(
      (expected["coverage@10"].value ?? -1) * data.items.size,
      5,
    );
  }
});

test("a model whose scores are not numbers is refused instead of judged", async () => {
  const { data } = simulateCinema({ people: 60, films: 40, days: 100 });
  const { user, item, time } = data.interactions;
  const events = weightedEvents(Array.from(user.keys(), (i) => [user[i], item[i], time?.[i] ?? 0] as const));
  const at = [...(time ?? [])].sort((a, b) => a - b)[Math.floor(0.8 * user.length)];
  const noNumbers = defineModel({
    name: "no-numbers",
    family: "example",
    options: {},
    fit: () => ({}),
    score: (_, __, out) => void out.fill(NaN),
  });
  const model = await noNumbers().fit(trainingSet(events, { before: at }));
  await expect(judge(model, withhold(events, at, everything, { seed: 1 }), pause)).rejects.toThrow(/no-numbers recommended nothing/);
});

test("different gains count as they are: worked by hand", async () => {
  // Popularity ranks items 0, 1, 2, 3; user 9 has seen item 0 and then takes 2 (worth 6) and 3 (worth 2).
  const events = weightedEvents([
    ...[0, 1, 2, 3].flatMap((item) => Array.from({ length: 5 - item }, (_, u) => [u, item, 1] as [number, number, number])),
    [9, 0, 1],
    [9, 2, 10, 6],
    [9, 3, 11, 2],
  ]);
  const model = await popularity().fit(trainingSet(events, { before: 10 }));
  const withheld = withhold(events, 10, { label: "value", gain: (_, value) => value, adds: true }, { seed: 1 });
  const { ndcg, metrics } = await judge(model, withheld, pause);
  const gain = 6 / Math.log2(3) + 2 / Math.log2(4);
  expect(ndcg[0]).toBeCloseTo(gain / (6 + 2 / Math.log2(3)), 12);
  expect(metrics).toEqual({ "ndcg@10": ndcg[0], "recall@10": 1, "coverage@10": 3 / 4, "unknown-items": 0, users: 1 });
});

test("a model that knows fewer items is queried with those it knows", async () => {
  const before = weightedEvents([
    [0, 0, 1],
    [1, 0, 1],
    [1, 1, 1],
  ]);
  const events = weightedEvents([
    [0, 0, 1],
    [1, 0, 1],
    [1, 1, 1],
    [0, 5, 2],
    [0, 1, 10],
    [0, 6, 11],
  ]);
  const model = await popularity().fit(trainingSet(before));
  const { ndcg, metrics } = await judge(model, withhold(events, 10, everything, { seed: 1 }), pause);
  expect(ndcg[0]).toBeCloseTo(1 / (1 + 1 / Math.log2(3)), 12);
  expect(metrics["unknown-items"]).toBe(0.5);
});
