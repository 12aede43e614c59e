import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { Dataset } from "../data/dataset.ts";
import { createBackend } from "../kernel/backend.ts";
import { registry } from "../models/registry.gen.ts";
import { byUser } from "../testing/model-suite/asking.ts";
import { supplied } from "../testing/model-suite/suite-data.ts";
import { toyModels } from "../testing/model-suite/toy-models.ts";
import { Random } from "../util/random.ts";
import type { ModelFactory } from "./define-model.ts";
import { Histories } from "./histories.ts";
import type { Model } from "./model.ts";
import { InnerProductIndex } from "./online/inner-product-index.ts";
import { onlineModel } from "./online.ts";
import { queryHistories } from "./query-histories.ts";
import { TopItems } from "./top-items.ts";

const backend = createBackend({ threads: 1 });
afterAll(() => backend.close());

/** Two groups of users, each with its own taste, and some noise. */
function tastes(): Dataset {
  const random = new Random(5);
  const rows = Array.from({ length: 1500 }, () => {
    const user = random.integer(120);
    return { user, item: 2 * random.integer(30) + (random.uniform() < 0.9 ? user % 2 : random.integer(2)), weight: 1 + random.integer(5) };
  });
  return Dataset.fromRows(new Map(rows.map((row) => [`${row.user} ${row.item}`, row])).values());
}

const options: Readonly<Record<string, Record<string, unknown>>> = { als: { factors: 8 }, bpr: { factors: 8, epochs: 5 } };

/** One row over a catalog larger than the model's. */
function history(item: Uint32Array, weight: Float32Array): Histories {
  return new Histories({ rows: 1, items: 2 ** 32, offsets: Uint32Array.of(0, item.length), item, weight });
}

const toys = Object.fromEntries(toyModels.map((factory) => [factory.definition.name, factory]));
const factories: Readonly<Record<string, ModelFactory>> = { ...registry, ...toys };

describe.each(Object.keys(factories))("%s, one request at a time", async (name) => {
  const factory = factories[name];
  const data = supplied(tastes(), factory.definition.needs ?? [], 4);
  const needs = factory.definition.needs ?? [];
  const model: Model = await factory((options[name] ?? {}) as never).fit(data, { backend });
  const online = onlineModel(model, backend);
  const { offsets, indices, values } = model.histories.bag();

  const rowOf = (user: number) => queryHistories([byUser(model.users.id(user))], model);

  /** A user's history; in arbitrary order for a model that uses items alone. */
  function historyOf(user: number): Histories {
    if (needs.length > 0) return rowOf(user);
    return history(indices.slice(offsets[user], offsets[user + 1]).reverse(), values.slice(offsets[user], offsets[user + 1]).reverse());
  }

  /** The last `kept` entries of a history plus, as the newest, one on an item the model doesn't know. */
  function withUnknown({ item, weight, time, type, group, current, at, context, person, repeats }: Histories, kept: number): Histories {
    const more = <T extends Uint32Array | Float32Array | Float64Array | Uint8Array>(column: T | undefined, last = column?.at(-1)) =>
      column && ((column.constructor as Uint32ArrayConstructor).from([...column.slice(column.length - kept), last ?? 0]) as unknown as T);
    return new Histories(
      {
        ...{ rows: 1, items: 2 ** 32, offsets: Uint32Array.of(0, kept + 1) },
        ...{ item: more(item, model.items.size + 7) ?? item, weight: more(weight) ?? weight, time: more(time), type: more(type) },
        ...{ group: more(group), current, at, context, person },
      },
      repeats,
    );
  }

  test("gives the model's scores, whatever the order of the history", () => {
    const all = Uint32Array.from({ length: model.items.size }, (_, item) => item);
    for (const user of [0, 3, 50]) {
      const expected = new Float32Array(all.length);
      model.scores(rowOf(user), expected);
      const scores = new Float32Array(all.length);
      online.score(historyOf(user), all, scores);
      for (const item of all) expect(scores[item]).toBeCloseTo(expected[item], 4);
    }
  });

  test("returns the allowed items with the best scores", () => {
    const allowed = Uint8Array.from({ length: model.items.size }, (_, item) => (item % 3 === 0 ? 0 : 1));
    for (const user of [1, 2, 60]) {
      const asked = historyOf(user);
      const { items, scores } = online.top(asked, { k: 8, allowed });
      const all = Uint32Array.from(allowed.keys()).filter((item) => allowed[item] === 1);
      const expected = new Float32Array(all.length);
      online.score(asked, all, expected);
      const best = Array.from(expected).sort((a, b) => b - a);
      expect(new Set(items).size).toBe(items.length);
      for (const [place, item] of items.entries()) {
        expect(allowed[item]).toBe(1);
        expect(scores[place]).toBeCloseTo(best[place], 4);
      }
      if (items.length < 8) expect(best[items.length]).toBeLessThanOrEqual(0);
    }
  });

  test("ignores items it doesn't know, in the history and in the request", () => {
    const unknown = model.items.size + 7;
    const known = historyOf(4);
    const without = new Float32Array(2);
    const scores = new Float32Array(2);
    online.score(known, Uint32Array.of(3, unknown), without);
    online.score(withUnknown(known, known.item.length), Uint32Array.of(3, unknown), scores);
    expect(scores).toEqual(without);
    expect(scores[1]).toBeNaN();
    const stranger = withUnknown(known, 0);
    const allowed = new Uint8Array(model.items.size + 8).fill(1);
    for (const item of online.top(stranger, { k: 5, allowed }).items) expect(item).toBeLessThan(model.items.size);
  });

  test("gives the model's explanations", () => {
    expect(online.explain === undefined).toBe(model.explain === undefined);
    const asked = historyOf(9);
    const contributions = online.explain?.(asked, 5);
    const reasons = new Map(model.explain?.(byUser(model.users.id(9)), model.items.id(5)).reasons.map((r) => [r.item, r.contribution]));
    contributions?.forEach((contribution, i) => {
      expect(contribution).toBeCloseTo(reasons.get(model.items.id(asked.item[i])) ?? Number.NaN, 4);
    });
  });
});

test("the heap keeps the same items as a sort", () => {
  const top = new TopItems();
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constant(Number.NaN)), { maxLength: 60 }),
      fc.nat(12),
      (scores, k) => {
        top.start(k);
        scores.forEach((score, item) => {
          top.offer(item, score);
        });
        const expected = [...scores.keys()].filter((item) => !Number.isNaN(scores[item]));
        expected.sort((a, b) => scores[b] - scores[a] || a - b);
        const { items } = top.take();
        expect([...items]).toEqual(expected.slice(0, k));
      },
    ),
  );
});

describe("an index over many item vectors", () => {
  const [items, dimensions] = [20_000, 16];
  const random = new Random(3);
  const centers = Array.from({ length: 60 }, () => Float32Array.from({ length: dimensions }, () => random.normal()));
  // Lengths vary like those of popular and rare items.
  const factors = new Float32Array(items * dimensions);
  for (let item = 0; item < items; item++) {
    const center = centers[random.integer(centers.length)];
    const length = Math.exp(0.4 * random.normal());
    for (let d = 0; d < dimensions; d++) factors[item * dimensions + d] = length * (center[d] + 0.5 * random.normal());
  }
  const bias = Float32Array.from({ length: items }, () => 0.1 * random.normal());
  const index = new InnerProductIndex(backend, { dimensions, factors, bias }, items);
  const exact = new InnerProductIndex(backend, { dimensions, factors, bias }, items);
  const queries = Array.from({ length: 100 }, () => {
    const center = centers[random.integer(centers.length)];
    return center.map((value) => value + 0.5 * random.normal());
  });

  test("finds 95 of the 100 best allowed items", async () => {
    await index.build();
    for (const every of [1, 2, 50]) {
      const allowed = Uint8Array.from({ length: items }, (_, item) => (item % every === 0 ? 1 : 0));
      let found = 0;
      for (const query of queries) {
        const truth = new Set(exact.top(query, { k: 100, allowed }).items);
        const { items: list, scores } = index.top(query, { k: 100, allowed });
        expect(list.length).toBe(100);
        for (const [place, item] of list.entries()) {
          expect(allowed[item]).toBe(1);
          if (place > 0) expect(scores[place]).toBeLessThanOrEqual(scores[place - 1]);
          if (truth.has(item)) found++;
        }
      }
      expect(found / (100 * queries.length)).toBeGreaterThan(0.95);
    }
  });

  test("returns all allowed items if there are fewer than k", async () => {
    await index.build();
    const allowed = new Uint8Array(items);
    for (const item of [5, 600, 19_999]) allowed[item] = 1;
    expect([...index.top(queries[0], { k: 10, allowed }).items].sort((a, b) => a - b)).toEqual([5, 600, 19_999]);
  });
});
