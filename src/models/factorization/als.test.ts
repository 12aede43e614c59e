import { afterAll, describe, expect, test } from "vitest";
import { Dataset } from "../../data/dataset.ts";
import { Histories } from "../../model/histories.ts";
import { kernelBackends } from "../../testing/kernel-backends.ts";
import { Random } from "../../util/random.ts";
import { als } from "./als.ts";

const backends = kernelBackends();
afterAll(() => backends.close());

/** Users who like the items of their own group, with a little noise. */
function groups(users: number, items: number, seed: number): Dataset {
  const random = new Random(seed);
  const rows = [];
  for (let user = 0; user < users; user++)
    for (let item = 0; item < items; item++)
      if (random.uniform() < (user % 3 === item % 3 ? 0.4 : 0.03)) rows.push({ user, item, weight: 1 + random.integer(4) });
  return Dataset.fromRows(rows);
}

const one = (items: number[], weights: number[], itemCount: number) =>
  new Histories({
    rows: 1,
    items: itemCount,
    offsets: Uint32Array.of(0, items.length),
    item: Uint32Array.from(items),
    weight: Float32Array.from(weights),
  });

function scoresOf(model: Awaited<ReturnType<ReturnType<typeof als>["fit"]>>, row: ReturnType<typeof one>): Float32Array {
  const scores = new Float32Array(model.items.size);
  model.scores(row, scores);
  return scores;
}

describe("als", () => {
  test("one fold-in matches the solution worked by hand", () => {
    // Items (1, 0), (0, 1), (1, 1) and a = 0.5: a Q'Q = [[1, .5], [.5, 1]]. History: items 0 and 2, so the sum of q q' is [[2, 1], [1, 1]], that
    // of q is (2, 1); penalty 0.1 (2 + 0.5 * 3) = 0.35. (3.35 1.5; 1.5 2.35) p = (2, 1), so p = (3.2, 0.35) / 5.6225.
    const { definition } = als;
    const factors = Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0);
    const gram = Float32Array.of(1, 0.5, 0, 0, 0.5, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    const options = { ...als({ factors: 2, regularization: 0.1 }).options };
    for (const backend of [backends.reference, backends.builds[0][0], backends.builds[1][1]]) {
      const out = new Float32Array(4);
      definition.embed?.({ dimensions: 4, factors, gram, zeroWeight: 0.5 }, one([0, 2], [1, 1], 3), out, options, { backend });
      expect(out[0]).toBeCloseTo(3.2 / 5.6225, 4);
      expect(out[1]).toBeCloseTo(0.35 / 5.6225, 4);
      expect([out[2], out[3]]).toEqual([0, 0]);
    }
  });

  test("lowers the loss with every epoch and ends at the same loss, whatever the solver", async () => {
    const data = groups(60, 45, 1);
    const loss = async (epochs: number, solver: "conjugate-gradient" | "blocks" | "cholesky") => {
      const model = await als({ factors: 8, epochs, solver, confidence: "linear", regularization: 0.01 }).fit(data, {
        backend: backends.builds[0][1],
      });
      const { values, indices, offsets, rows } = model.histories.bag();
      const { zeroWeight } = model.state as { zeroWeight: number };
      let sum = 0;
      for (let user = 0; user < rows; user++) {
        const [from, to] = [offsets[user], offsets[user + 1]];
        const scores = scoresOf(model, one([...indices.slice(from, to)], [...values.slice(from, to)], model.items.size));
        for (const score of scores) sum += zeroWeight * score * score;
        for (let e = from; e < to; e++) sum += values[e] * (1 - scores[indices[e]]) ** 2;
      }
      return sum;
    };
    const exact = [await loss(1, "cholesky"), await loss(3, "cholesky"), await loss(30, "cholesky")];
    expect(exact[1]).toBeLessThan(exact[0]);
    expect(exact[2]).toBeLessThan(exact[1] * 1.001);
    for (const solver of ["conjugate-gradient", "blocks"] as const)
      expect(Math.abs((await loss(30, solver)) / exact[2] - 1)).toBeLessThan(0.02);
  });

  test("the contributions of a history add up to the score", async () => {
    const model = await als({ factors: 6, confidence: "log" }).fit(groups(60, 45, 2));
    for (const user of [0, 1, 2]) {
      const [{ item }] = model.recommend({ user });
      const explanation = model.explain?.({ user }, item);
      const sum = explanation?.reasons.reduce((total, reason) => total + reason.contribution, 0);
      expect(sum).toBeCloseTo(explanation?.score ?? Number.NaN, 3);
    }
  });

  test("gives the same bits on 1, 2 and 4 threads in both builds", async () => {
    const data = groups(150, 100, 3);
    for (const build of backends.builds)
      for (const solver of ["conjugate-gradient", "blocks", "cholesky"] as const) {
        const states = [];
        for (const backend of build) states.push((await als({ factors: 12, epochs: 3, solver }).fit(data, { backend, seed: 7 })).state);
        expect(states[1]).toEqual(states[0]);
        expect(states[2]).toEqual(states[0]);
      }
  });

  test("ignores interactions with a weight of 0 or below", async () => {
    const model = await als({ factors: 4 }).fit(groups(40, 30, 4));
    const with0 = scoresOf(model, one([0, 5], [1, 0], model.items.size));
    const without = scoresOf(model, one([0], [1], model.items.size));
    for (let item = 0; item < without.length; item++) expect(with0[item]).toBeCloseTo(without[item], 5);
  });
});
