import { afterAll, describe, expect, test } from "vitest";
import { Dataset } from "../../data/dataset.ts";
import { kernelBackends } from "../../testing/kernel-backends.ts";
import { Random } from "../../util/random.ts";
import { bpr } from "./bpr.ts";

const backends = kernelBackends();
afterAll(() => backends.close());

/** Users who like the items of their own group, with a little noise. */
function groups(users: number, items: number, seed: number): Dataset {
  const random = new Random(seed);
  const rows = [];
  for (let user = 0; user < users; user++)
    for (let item = 0; item < items; item++) if (random.uniform() < (user % 3 === item % 3 ? 0.4 : 0.03)) rows.push({ user, item });
  return Dataset.fromRows(rows);
}

describe("bpr", () => {
  test("ranks the items of a user's group above the others, however negatives are drawn", async () => {
    const data = groups(300, 150, 1);
    for (const negatives of bpr.definition.options.negatives.values ?? []) {
      const model = await bpr({ factors: 8, negatives: negatives as "uniform" }).fit(data);
      let own = 0;
      for (let user = 0; user < 60; user++)
        own += model.recommend({ user }, { k: 10 }).filter(({ item }) => Number(item) % 3 === user % 3).length;
      expect(own / 600).toBeGreaterThan(0.95);
    }
  });

  test("gives the same bits on 1, 2 and 4 threads in both builds", async () => {
    const data = groups(200, 150, 2);
    for (const build of backends.builds) {
      const models = [];
      for (const backend of build) models.push(await bpr({ factors: 8, epochs: 5 }).fit(data, { backend, seed: 3 }));
      for (const other of models.slice(1)) {
        expect(other.state).toEqual(models[0].state);
        expect(other.recommend({ user: 1 })).toEqual(models[0].recommend({ user: 1 }));
      }
    }
  });
});
