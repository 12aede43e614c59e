import { expect, test } from "vitest";
import { Random } from "../../util/random.ts";
import { decide, type Judged } from "./promotion.ts";

/** A model whose users have ndcg around `mean`, with independent noise. */
function judged(label: string, mean: number, noise: number, seed: number, floor = false): Judged {
  const random = new Random(seed);
  const ndcg = Float64Array.from({ length: 400 }, () => Math.min(1, Math.max(0, mean + noise * random.normal())));
  return { label, floor, judgement: { ndcg, metrics: { "ndcg@10": ndcg.reduce((sum, value) => sum + value, 0) / ndcg.length } } };
}

test("the best candidate goes live if nothing is live", () => {
  const better = judged("ease", 0.4, 0.1, 1);
  const { winner, promote, reason } = decide([judged("als", 0.3, 0.1, 2), better], undefined, undefined);
  expect([winner, promote]).toEqual([better, true]);
  expect(reason).toBe(`ease did best: ndcg@10 ${better.judgement.metrics["ndcg@10"].toFixed(4)} on 400 users.`);
});

test("noise doesn't change the kind of the live model; a real difference does", () => {
  const current = judged("als", 0.3, 0.2, 1);
  const slightly = judged("ease", 0.305, 0.2, 2);
  slightly.judgement.ndcg.set(current.judgement.ndcg.map((value, user) => value + (user % 2 === 0 ? 0.105 : -0.1)));
  Object.assign(slightly.judgement.metrics, { "ndcg@10": current.judgement.metrics["ndcg@10"] + 0.0025 });
  expect(decide([current, slightly], current, current)).toMatchObject({ winner: { label: "als" }, promote: true });
  const clearly = judged("ease", 0.4, 0.2, 3);
  expect(decide([current, clearly], current, current)).toMatchObject({ winner: { label: "ease" }, promote: true });
});

test("a winner that is significantly worse than the live model is rejected with both metrics", () => {
  const { promote, reason } = decide([judged("ease", 0.3, 0.1, 1)], undefined, judged("als", 0.4, 0.1, 2));
  expect(promote).toBe(false);
  expect(reason).toMatch(/^Rejected: ease is worse than the live model, als \(ndcg@10 0\.\d{4} against 0\.\d{4} on 400 users\)\.$/);
  const equal = judged("als", 0.3, 0.1, 1);
  expect(decide([judged("ease", 0.299, 0.1, 3)], undefined, equal).promote).toBe(true);
});

test("the floor wins only if it is significantly better", () => {
  const personal = judged("als", 0.3, 0.2, 1);
  expect(decide([judged("popularity", 0.301, 0.2, 2, true), personal], undefined, undefined).winner.label).toBe("als");
  expect(decide([judged("popularity", 0.5, 0.2, 2, true), personal], undefined, undefined).winner.label).toBe("popularity");
});
