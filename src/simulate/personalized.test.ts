import { expect, test } from "vitest";
import { leaveLastOut } from "../data/splits/leave-last-out.ts";
import { trueLiking } from "../demo/tour/true-liking.ts";
import { evaluate } from "../evaluate/evaluate.ts";
import { als, ease, itemKnn, popularity, random } from "../models/index.gen.ts";
import { simulateCinema } from "./cinema.ts";

const cinema = simulateCinema({ seed: 3 });
const factors = () => als({ factors: 16, regularization: 0.02, unobservedWeight: 1 });

test("models that know the person predict the next film far better than popularity does, and popularity better than chance", async () => {
  const evaluation = await evaluate([random(), popularity(), itemKnn(), ease(), factors()], leaveLastOut(cinema.data), {
    metrics: ["ndcg"],
    segments: [],
    resamples: 0,
  });
  const [chance, popular, ...personal] = evaluation.models.map((model) => model.metrics["ndcg@10"].value ?? 0);
  expect(popular).toBeGreaterThan(chance);
  for (const value of personal) expect(value).toBeGreaterThan(1.5 * popular);
});

test("and people like their recommendations more", async () => {
  const liking = async (spec: ReturnType<typeof popularity>) => trueLiking(await spec.fit(cinema.data), cinema);
  const popular = await liking(popularity());
  for (const spec of [itemKnn(), ease(), factors()]) expect(await liking(spec)).toBeGreaterThan(popular + 0.7);
});
