import { expect, test } from "vitest";
import { Dataset } from "../../data/dataset.ts";
import { Random } from "../../util/random.ts";
import { ease } from "./ease.ts";
import { sparseEase } from "./sparse-ease.ts";

/** 60 users and 25 items; each user has one of three tastes, with some noise. */
function tastes(rows: number): Dataset {
  const random = new Random(5);
  const all = Array.from({ length: rows }, (_, i) => {
    const user = i % 60;
    return { user, item: random.uniform() < 0.8 ? (user % 3) * 8 + random.integer(8) : random.integer(25) };
  });
  return Dataset.fromRows(all);
}

/** X' X of the distinct pairs, in double precision. */
function gramOf(data: Dataset): number[][] {
  const histories = new Map<number, Set<number>>();
  data.interactions.user.forEach((user, i) => {
    histories.set(user, (histories.get(user) ?? new Set()).add(data.interactions.item[i]));
  });
  const gram = Array.from({ length: data.items.size }, () => new Array(data.items.size).fill(0));
  for (const items of histories.values()) for (const i of items) for (const j of items) gram[i][j]++;
  return gram;
}

test("its weights are where the derivative of the penalized squared error is zero", async () => {
  const data = tastes(700);
  const regularization = 20;
  const { state } = await ease({ regularization }).fit(data);
  const weights = state.weights as Float32Array;
  const gram = gramOf(data);
  const n = gram.length;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      if (i === j) {
        expect(weights[i * n + i]).toBe(0);
        continue;
      }
      // Half the derivative by B(i, j): (G B + regularization B - G)(i, j); off the diagonal it must vanish.
      let derivative = regularization * weights[i * n + j] - gram[i][j];
      for (let l = 0; l < n; l++) derivative += gram[i][l] * weights[l * n + j];
      expect(Math.abs(derivative)).toBeLessThan(1e-3);
    }
});

test("two items, by hand", async () => {
  // X' X = (2 1; 1 1), regularization 1: B(a, b) = 1 / (2 + 1), B(b, a) = 1 / (1 + 1).
  const data = Dataset.fromRows([
    { user: 1, item: "a" },
    { user: 1, item: "b" },
    { user: 2, item: "a" },
  ]);
  for (const spec of [ease({ regularization: 1 }), sparseEase({ regularization: 1 })]) {
    const model = await spec.fit(data);
    expect(model.recommend({ history: ["a"] })[0].score).toBeCloseTo(1 / 3, 6);
    expect(model.recommend({ history: ["b"] })[0].score).toBeCloseTo(1 / 2, 6);
  }
});

test("the sparse model with all items as neighbors equals EASE", async () => {
  const data = tastes(2500);
  // Enough data that every two items share a user, because items that don't are never neighbors.
  for (const row of gramOf(data)) expect(Math.min(...row)).toBeGreaterThan(0);
  const dense = await ease({ regularization: 10 }).fit(data);
  const sparse = await sparseEase({ regularization: 10, neighbors: 25 }).fit(data);
  for (const user of [0, 1, 2, 3]) {
    const expected = new Map(dense.recommend({ user }, { k: 25 }).map(({ item, score }) => [item, score]));
    for (const { item, score } of sparse.recommend({ user }, { k: 25 })) expect(score).toBeCloseTo(expected.get(item) ?? Number.NaN, 4);
  }
});

test("rejects a catalog that doesn't fit, and says what to do", async () => {
  const data = Dataset.fromRows(Array.from({ length: 20_001 }, (_, item) => ({ user: item % 100, item })));
  await expect(ease().fit(data)).rejects.toThrow(/1\.6 GB .* 20,001 items.*sparse-ease/);
});
