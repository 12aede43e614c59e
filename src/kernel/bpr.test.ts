import { afterAll, describe, expect, test } from "vitest";
import { agreeOnAllBackends, kernelBackends } from "../testing/kernel-backends.ts";
import { seededNormals } from "../testing/normals.ts";
import { Random } from "../util/random.ts";
import { bprEpoch, bprFoldIn } from "./bpr.ts";
import type { BprEpochArguments } from "./reference/bpr.ts";

const backends = kernelBackends();
afterAll(() => backends.close());

/** Distinct random items for each user, about `density` of all. */
function problem(users: number, items: number, k: number, density: number): BprEpochArguments {
  const random = new Random(users * 31 + items);
  const offsets = new Uint32Array(users + 1);
  const indices: number[] = [];
  for (let user = 0; user < users; user++) {
    for (let item = 0; item < items; item++) if (random.uniform() < density) indices.push(item);
    offsets[user + 1] = indices.length;
  }
  const normals = seededNormals(users + k);
  const small = (length: number) => normals(length).map((x) => x * 0.3);
  const vectors = { userFactors: small(users * k), itemFactors: small(items * k), itemBias: small(items) };
  return {
    users,
    items,
    offsets,
    indices: Uint32Array.from(indices),
    ...vectors,
    dimensions: k,
    learningRate: 0.1,
    regularization: 0.01,
    seed: 5,
  };
}

const copy = (args: BprEpochArguments): BprEpochArguments => ({
  ...args,
  indices: args.indices.slice(),
  userFactors: args.userFactors.slice(),
  itemFactors: args.itemFactors.slice(),
  itemBias: args.itemBias.slice(),
});

describe("bprEpoch", () => {
  test("matches the reference, uniform and weighted, with one and three candidates, on any number of threads", () => {
    for (const [users, items, k, density] of [
      [1, 1, 4, 1],
      [3, 5, 4, 0.4],
      [60, 40, 8, 0.2],
      [150, 200, 12, 0.1],
      [400, 300, 20, 0.05],
    ])
      for (const [weighted, candidates] of [
        [false, 1],
        [true, 1],
        [false, 3],
      ] as const) {
        const base = problem(users, items, k, density);
        const negativeWeights = Float32Array.from({ length: items }, (_, i) => (i % 7) + 0.5);
        agreeOnAllBackends(
          backends,
          (backend) => {
            const args = { ...copy(base), candidates, ...(weighted ? { negativeWeights } : {}) };
            for (let epoch = 0; epoch < 2; epoch++) bprEpoch(backend, { ...args, seed: epoch });
            return Float32Array.of(...args.userFactors, ...args.itemFactors, ...args.itemBias);
          },
          1e-4,
        );
      }
  });

  test("a step is the numeric gradient of the log-likelihood of one pair", () => {
    // One user, one positive, one possible negative, so the step is known.
    const k = 4;
    const normals = seededNormals(3);
    const theta = Float64Array.from(normals(k + 2 * k + 2), (x) => x * 0.5);
    const regularization = 0.02;
    const objective = (t: Float64Array) => {
      let margin = t[3 * k] - t[3 * k + 1];
      for (let d = 0; d < k; d++) margin += t[d] * (t[k + d] - t[2 * k + d]);
      return -Math.log(1 + Math.exp(-margin)) - (regularization / 2) * t.reduce((sum, x) => sum + x * x, 0);
    };
    const args: BprEpochArguments = {
      ...{
        users: 1,
        items: 2,
        offsets: Uint32Array.of(0, 1),
        indices: Uint32Array.of(0),
        dimensions: k,
        learningRate: 0.01,
        regularization,
        seed: 1,
      },
      ...{
        userFactors: Float32Array.from(theta.subarray(0, k)),
        itemFactors: Float32Array.from(theta.subarray(k, 3 * k)),
        itemBias: Float32Array.from(theta.subarray(3 * k)),
      },
    };
    bprEpoch(backends.builds[1][0], args);
    const after = [...args.userFactors, ...args.itemFactors, ...args.itemBias];
    theta.forEach((value, at) => {
      const nudged = (by: number) => objective(theta.map((x, i) => (i === at ? x + by : x)));
      const gradient = (nudged(1e-5) - nudged(-1e-5)) / 2e-5;
      expect((after[at] - value) / args.learningRate).toBeCloseTo(gradient, 3);
    });
  });

  test("uses every entry once per epoch and never draws a positive as a negative", () => {
    // Items and users start at 0, so biases reveal the steps: + for a positive, - for a negative, half the learning rate each.
    const base = problem(300, 200, 4, 0.2);
    const args = {
      ...copy(base),
      userFactors: new Float32Array(1200),
      itemFactors: new Float32Array(800),
      itemBias: new Float32Array(200),
      learningRate: 1e-4,
      regularization: 0,
    };
    bprEpoch(backends.builds[0][1], args);
    const total = args.itemBias.reduce((sum, b) => sum + b, 0);
    expect(Math.abs(total)).toBeLessThan(1e-5);
    expect(args.itemBias.some((b) => b !== 0)).toBe(true);
    const sorted = (indices: Uint32Array, user: number) => indices.slice(base.offsets[user], base.offsets[user + 1]).sort();
    for (let user = 0; user < 300; user++) expect(sorted(args.indices, user)).toEqual(sorted(base.indices, user));
    // An item that every user has is never a negative.
    const everyone = {
      users: 100,
      items: 60,
      offsets: Uint32Array.from({ length: 101 }, (_, i) => i * 2),
      indices: Uint32Array.from({ length: 200 }, (_, e) => (e % 2 === 0 ? 0 : 1 + ((e * 7) % 59))),
    };
    const shared = {
      ...args,
      ...everyone,
      userFactors: new Float32Array(400),
      itemFactors: new Float32Array(240),
      itemBias: new Float32Array(60),
    };
    bprEpoch(backends.builds[0][0], shared);
    expect(shared.itemBias[0]).toBeCloseTo(100 * 1e-4 * 0.5, 4);
  });
});

describe("bprFoldIn", () => {
  test("matches the reference; equal histories get equal vectors", () => {
    const { items, itemFactors, itemBias, offsets, indices, dimensions } = problem(40, 90, 12, 0.1);
    const rows = { rows: 40, offsets, indices };
    agreeOnAllBackends(
      backends,
      (backend) => {
        const out = new Float32Array(40 * dimensions).fill(Number.NaN);
        bprFoldIn(backend, { rows, items, itemFactors, itemBias, dimensions, learningRate: 0.1, regularization: 0.01, epochs: 5, out });
        return out;
      },
      1e-4,
    );
  });
});
