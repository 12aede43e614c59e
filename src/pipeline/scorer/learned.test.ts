import { describe, expect, test } from "vitest";
import type { ItemList } from "../../data/item-list.ts";
import { Random } from "../../util/random.ts";
import { tabulate } from "../candidate-table.ts";
import { ItemMarks } from "../item-marks.ts";
import { blendRanks } from "./blend.ts";
import { type ImpressionOutcome, learnScorer } from "./learned.ts";
import { logisticRegression } from "./logistic-regression.ts";
import type { Scorer } from "./scorer.ts";

const ITEMS = 100;
const NAMES = ["sharp", "dull", "random"];

/** One visitor: how much they like each item, and the candidates of three sources: an accurate, an inaccurate and a random one. */
function visitor(random: Random) {
  const liking = Float64Array.from({ length: ITEMS }, () => random.normal());
  const candidates = [0.5, 3, 1e6].map((noise): ItemList => {
    const seen = liking.map((value) => value + noise * random.normal());
    const items = Uint32Array.from(seen.keys())
      .sort((a, b) => seen[b] - seen[a])
      .slice(0, 25);
    return { items, scores: Float32Array.from(items, (item) => seen[item]) };
  });
  return { liking, table: tabulate(NAMES, candidates, ITEMS, new ItemMarks()) };
}

function scoresOf(scorer: Scorer, table: ReturnType<typeof visitor>["table"]): Float32Array {
  const blend = new Float32Array(table.items.length);
  blendRanks().score(table, blend);
  const scores = new Float32Array(table.items.length);
  scorer.score(table, scores, blend);
  return scores;
}

function order(scorer: Scorer, table: ReturnType<typeof visitor>["table"]): number[] {
  const scores = scoresOf(scorer, table);
  return [...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b);
}

/** Impressions of a blend with a tenth of the places random. Visitors who look that far convert on items they like. */
function serve(random: Random, count: number, takes: boolean): ImpressionOutcome[] {
  const blend = blendRanks();
  return Array.from({ length: count }, () => {
    const { liking, table } = visitor(random);
    const rows = order(blend, table);
    const shown = rows.slice(0, 10).map((row) => (random.uniform() < 0.1 ? rows[10 + random.integer(rows.length - 10)] : row));
    const said = scoresOf(blend, table);
    const features: Record<string, Float32Array> = { "blend score": Float32Array.from(shown, (row) => said[row]) };
    NAMES.forEach((name, column) => {
      const at = shown.map((row) => column * table.stride + row);
      features[name] = Float32Array.from(at, (i) => table.scores[i]);
      features[`${name} rank`] = Float32Array.from(at, (i) => table.ranks[i] || Number.NaN);
    });
    const gains = shown.map((row, place) => {
      const likes = 1 / (1 + Math.exp(3 - 1.5 * liking[table.items[row]]));
      return takes && random.uniform() < likes / (1 + place) ** 0.8 ? 1 : 0;
    });
    return { features, gains };
  });
}

/** The mean true preference for the first ten items, over new visitors. */
function trueLiking(scorer: Scorer): number {
  const random = new Random(99);
  let sum = 0;
  for (let i = 0; i < 300; i++) {
    const { liking, table } = visitor(random);
    for (const row of order(scorer, table).slice(0, 10)) sum += liking[table.items[row]];
  }
  return sum / 3000;
}

describe("learning to rank from impressions", () => {
  test("beats the blend by true preference despite position bias in conversions", async () => {
    const { scorer, gain, reason } = await learnScorer(serve(new Random(5), 2500, true), NAMES);
    expect(reason).toMatch(/^Learned from \d+ conversions/);
    if (scorer === undefined || gain === undefined) throw new Error("No scorer was learned.");
    expect(gain.learned).toBeGreaterThan(gain.blend);
    const best = trueLiking(blendRanks({ sharp: 1, dull: 0, random: 0 }));
    const blended = trueLiking(blendRanks());
    const learned = trueLiking(scorer);
    expect(learned).toBeGreaterThan(blended + 0.6 * (best - blended));
  });

  test("says so and keeps the blend if there is too little data", async () => {
    const { scorer, reason } = await learnScorer(serve(new Random(5), 50, true), NAMES);
    expect(scorer).toBeUndefined();
    expect(reason).toMatch(/^\d+ conversions in 50 lists; learning needs about 267\.$/);
    expect((await learnScorer([], NAMES)).scorer).toBeUndefined();
    expect((await learnScorer(serve(new Random(5), 300, false), NAMES)).scorer).toBeUndefined();
  });

  test("keeps the blend if there is nothing to gain", async () => {
    // Conversions are independent of what was shown.
    const random = new Random(8);
    const lists = serve(random, 1500, false).map((list) => ({
      ...list,
      gains: Array.from(list.gains, () => (random.uniform() < 0.1 ? 1 : 0)),
    }));
    const { scorer, reason } = await learnScorer(lists, NAMES);
    expect(scorer).toBeUndefined();
    expect(reason).toMatch(/^Keeping the blend/);
  });

  test("scores are probabilities, and missing sources do no harm", async () => {
    const { scorer } = await learnScorer(serve(new Random(5), 1500, true), [...NAMES, "gone"]);
    const { table } = visitor(new Random(3));
    const scores = new Float32Array(table.items.length);
    scorer?.score(table, scores);
    expect(scores.every((score) => score > 0 && score < 1)).toBe(true);
  });
});

test("logistic regression recovers the weights behind the data", async () => {
  const random = new Random(1);
  const truth = [-1, 0.5, 2];
  const rows = 10_000;
  const x = Float32Array.from({ length: rows * 3 }, (_, i) => (i % 3 === 0 ? 1 : random.normal()));
  const y = Uint8Array.from({ length: rows }, (_, row) => {
    const sum = truth.reduce((total, weight, a) => total + weight * x[row * 3 + a], 0);
    return random.uniform() < 1 / (1 + Math.exp(-sum)) ? 1 : 0;
  });
  const weights = await logisticRegression(x, y, new Float64Array(3).fill(1e-6));
  truth.forEach((weight, a) => {
    expect(Math.abs(weights[a] - weight)).toBeLessThan(0.12);
  });
});
