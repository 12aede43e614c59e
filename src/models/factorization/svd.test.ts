import { afterAll, describe, expect, test } from "vitest";
import { Dataset } from "../../data/dataset.ts";
import { Histories } from "../../model/histories.ts";
import type { Model } from "../../model/model.ts";
import { kernelBackends } from "../../testing/kernel-backends.ts";
import { Random } from "../../util/random.ts";
import { svd } from "./svd.ts";
import { svdpp } from "./svdpp.ts";

const backends = kernelBackends();
afterAll(() => backends.close());

/** Ratings 3 + b_u + b_i + p.q of rank 2 for most pairs, and the ones left out. */
function planted(users: number, items: number): { data: Dataset; withheld: { user: number; item: number; rating: number }[] } {
  const random = new Random(5);
  const vector = () => [random.normal(), random.normal(), random.normal() * 0.5];
  const [us, is] = [Array.from({ length: users }, vector), Array.from({ length: items }, vector)];
  const rows = [];
  const withheld = [];
  for (let user = 0; user < users; user++)
    for (let item = 0; item < items; item++) {
      const [u, i] = [us[user], is[item]];
      const rating = 3 + u[2] + i[2] + u[0] * i[0] + u[1] * i[1];
      if (random.uniform() < 0.8) rows.push({ user, item, weight: rating });
      else withheld.push({ user, item, rating });
    }
  return { data: Dataset.fromRows(rows), withheld };
}

function error(model: Model, withheld: ReturnType<typeof planted>["withheld"]): number {
  const sum = withheld.reduce((total, { user, item, rating }) => total + (model.predict({ user }, item) - rating) ** 2, 0);
  return Math.sqrt(sum / withheld.length);
}

describe.each([
  ["svd", svd],
  ["svdpp", svdpp],
])("%s", (_name, factory) => {
  test("recovers planted low-rank ratings it has not seen", async () => {
    const { data, withheld } = planted(80, 60);
    const model = await factory({ factors: 2, epochs: 60, regularization: 1e-4, shrinkage: 0.1 }).fit(data);
    expect(error(model, withheld)).toBeLessThan(0.1);
  });

  test("predicts the mean and the item's bias without ratings", async () => {
    const { data } = planted(40, 30);
    const model = await factory({ factors: 3 }).fit(data);
    const { bias } = model.state as { bias: Float32Array };
    expect(model.predict({ history: [] }, model.items.id(4))).toBeCloseTo(bias[4], 6);
    let mean = 0;
    for (const weight of data.interactions.weight ?? []) mean += weight / data.size;
    expect(bias.reduce((sum, b) => sum + b, 0) / bias.length).toBeCloseTo(mean, 0);
  });

  test("the contributions of the ratings and the item's bias add up to the prediction", async () => {
    const { data } = planted(40, 30);
    const model = await factory({ factors: 3 }).fit(data);
    const { bias } = model.state as { bias: Float32Array };
    for (const item of [2, 7, 11]) {
      const explanation = model.explain?.({ user: 3 }, item);
      const sum = explanation?.reasons.reduce((total, { contribution }) => total + contribution, bias[model.items.require(item)]);
      expect(sum).toBeCloseTo(explanation?.score ?? Number.NaN, 3);
    }
  });

  test("gives the same bits on 1, 2 and 4 threads in both builds", async () => {
    const { data } = planted(90, 70);
    for (const build of backends.builds) {
      const states = [];
      for (const backend of build) states.push((await factory({ factors: 5, epochs: 3 }).fit(data, { backend, seed: 7 })).state);
      expect(states[1]).toEqual(states[0]);
      expect(states[2]).toEqual(states[0]);
    }
  });
});

test("svd: a user's vector is the ridge regression of their ratings, worked by hand", () => {
  // Items (1, 1) and (-1, 1) with biases 3 and 4; ratings 5 and 4, so targets 2 and 0; penalty 0.5 (2 + 2) = 2. The sum of v v' is 2 I, that
  // of t v is (2, 2): the vector is (2, 2) / 4.
  const state = { dimensions: 4, factors: Float32Array.of(1, 1, 0, 0, -1, 1, 0, 0), bias: Float32Array.of(3, 4) };
  const [item, weight] = [Uint32Array.of(0, 1), Float32Array.of(5, 4)];
  const history = new Histories({ rows: 1, items: 2, offsets: Uint32Array.of(0, 2), item, weight });
  const { options } = svd({ factors: 1, regularization: 0.5, shrinkage: 2 });
  for (const backend of [backends.reference, backends.builds[0][0], backends.builds[1][0]]) {
    const out = new Float32Array(4);
    svd.definition.embed?.(state, history, out, options, { backend });
    for (let d = 0; d < 4; d++) expect(out[d]).toBeCloseTo(d < 2 ? 0.5 : 0, 6);
  }
});
