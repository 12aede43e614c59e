import { describe, expect, test } from "vitest";
import { Dataset } from "../data/dataset.ts";
import type { EventColumns, UserEvents } from "../data/event-columns.ts";
import type { FeatureColumn } from "../data/features.ts";
import { createBackend } from "../kernel/backend.ts";
import { onlineModel } from "../model/online.ts";
import { itemKnn } from "../models/knn/item-knn.ts";
import { Random } from "../util/random.ts";
import { assemblePipeline } from "./assemble.ts";
import type { EventWeights } from "./event-weights.ts";
import type { GuardedSource } from "./guarded-source.ts";
import { activityOf } from "./history.ts";
import { makeSource } from "./make-source.ts";
import type { Pipeline } from "./pipeline.ts";
import { readyMade } from "./ready-made.ts";
import type { CatalogView } from "./source.ts";
import { ModelSource } from "./sources/model.ts";
import { eventsOf, loadedRegistry, pipelineRequest } from "./testing/requests.ts";

const DAY = 86_400_000;
const NOW = 100 * DAY;
const KINDS = ["tea", "coffee", "wine", "bread", "cheese"];
const ITEMS = 200;
const weights: EventWeights = { types: ["view", "purchase"], of: (type) => [1, 5][type] };

/** A shop whose customers each stick to one kind of item. Everybody buys item 0, item 5 is trending, and item 199 is brand new. */
function shop() {
  const random = new Random(11);
  const events: { user: number; item: number; time: number; type: number }[] = [];
  for (let session = 0; session < 3000; session++) {
    const user = random.integer(300);
    const time = (session / 3000) * NOW;
    for (let step = 0; step < 4; step++) {
      const item = step === 0 ? 0 : (user % 5) + 5 * random.integer(38);
      events.push({ user, item, time: time + step * 60_000, type: step === 3 ? 1 : 0 });
    }
  }
  for (let i = 0; i < 60; i++) events.push({ user: 300 + i, item: 5, time: NOW - i * 600_000, type: 0 });
  events.sort((a, b) => a.time - b.time);
  const kind: FeatureColumn = { type: "category", names: KINDS, codes: Uint32Array.from({ length: ITEMS }, (_, item) => item % 5) };
  const title: FeatureColumn = { type: "text", values: Array.from({ length: ITEMS }, (_, item) => `${KINDS[item % 5]} ${item}`) };
  const firstSeen = Float64Array.from({ length: ITEMS }, (_, item) => (item === 199 ? NOW - 1000 : item * 1000));
  const catalog: CatalogView = { size: ITEMS, version: 1, firstSeen, columns: { kind, title } };
  return { events: eventsOf(events), catalog };
}

const registry = await loadedRegistry();
const { events, catalog } = shop();
const model = new ModelSource();
const data = Dataset.fromRows([...Array(ITEMS).keys()].map((item) => ({ user: "index", item })).concat(rowsOf(events)));
model.use(onlineModel(await itemKnn({ neighbors: 50 }).fit(data), createBackend({ threads: 1 })), "1");

function rowsOf({ length, user, item }: EventColumns) {
  return Array.from({ length }, (_, e) => ({ user: `u${user[e]}`, item: item[e] }));
}

function recommenders(withModel = true): Record<string, Pipeline> {
  const made = new Map<string, GuardedSource>();
  const available = new Uint8Array(ITEMS).fill(1);
  return Object.fromEntries(
    Object.entries(readyMade).map(([name, spec]) => [
      name,
      assemblePipeline(spec, {
        catalog,
        available: () => available,
        indexOf: () => -1,
        schema: { properties: { kind: "category", title: "text" } },
        registry,
        learned: () => undefined,
        feedback: () => undefined,
        source(source) {
          const key = JSON.stringify(source);
          const kept = made.get(key);
          if (kept !== undefined) return kept;
          const guarded = makeSource(source, registry, { catalog, weights, model: () => (withModel ? model : new ModelSource()) });
          guarded.source.observe?.(events);
          made.set(key, guarded);
          return guarded;
        },
      }),
    ]),
  );
}

function recentOf(...rows: { item: number; time?: number; type?: number }[]): UserEvents {
  return eventsOf(rows.map(({ item, time = NOW - 1000, type }) => ({ item, time, type: type ?? 0 })));
}

async function ask(pipeline: Pipeline, recent: UserEvents, more: Partial<Parameters<Pipeline["run"]>[0]> = {}) {
  const answer = await pipeline.run(
    pipelineRequest({ scope: { now: NOW }, ...activityOf(recent, undefined, weights, undefined), ...more }),
  );
  return { ...answer, list: answer.items.map(({ item }) => item) };
}

const ready = recommenders();
const nobody = recentOf();
const kindOf = (list: readonly number[], kind: number) => list.filter((item) => item % 5 === kind).length;

describe("for you", () => {
  test("one click makes a list personal, with or without a model", async () => {
    for (const pipelines of [ready, recommenders(false)])
      for (const item of [1, 62, 143]) {
        const { list } = await ask(pipelines["for-you"], recentOf({ item }));
        expect(list).not.toContain(item);
        expect(list).toHaveLength(10);
        expect(kindOf(list, item % 5)).toBeGreaterThanOrEqual(7);
      }
  });

  test("anonymous visitors get trending and popular items, not merely new ones", async () => {
    const { list, skipped } = await ask(ready["for-you"], nobody, { random: new Random(3) });
    expect(list).toContain(0);
    expect(list.slice(0, 2)).toContain(5);
    expect(list.filter((item) => item === 199).length).toBeLessThanOrEqual(1);
    expect(skipped.map(({ source, reason }) => `${source} ${reason}`)).toEqual(["model empty", "together empty", "content empty"]);
  });

  test("exploration shows a new item to some users", async () => {
    let shown = 0;
    for (let seed = 0; seed < 2000; seed++) {
      const { items } = await ask(ready["for-you"], recentOf({ item: 61 }), { random: new Random(seed) });
      const there = items.find(({ item }) => item === 199);
      if (there === undefined) continue;
      shown++;
      expect(there.sources).toContain("exploration");
      expect(there.propensity).toBeLessThan(0.01);
    }
    expect(shown).toBeGreaterThan(0);
  });

  test("a new item with properties reaches users who like similar items", async () => {
    const { list } = await ask(ready["for-you"], recentOf({ item: 194 }), { k: 100 });
    expect(list).toContain(199);
  });
});

test("similar items are of the same kind and exclude the item itself", async () => {
  const { list, anchors } = await ask(ready.similar, nobody, { anchors: Uint32Array.of(42) });
  expect(kindOf(list, 2)).toBeGreaterThanOrEqual(9);
  expect(list).not.toContain(42);
  expect([...anchors]).toEqual([42]);
});

test("bought-together returns items from the same baskets", async () => {
  const { list } = await ask(ready["bought-together"], nobody, { anchors: Uint32Array.of(43) });
  expect(kindOf(list, 3)).toBeGreaterThanOrEqual(5);
});

test("trending, popular and newest start with the rising, the most popular and the newest item", async () => {
  expect((await ask(ready.trending, nobody)).list[0]).toBe(5);
  expect((await ask(ready.popular, nobody)).list[0]).toBe(0);
  expect((await ask(ready.newest, nobody)).list[0]).toBe(199);
});

test("because-you-liked is based on the strongest recent item", async () => {
  const recent = recentOf(
    { item: 11, time: NOW - DAY },
    { item: 42, type: 1, time: NOW - 2 * DAY },
    { item: 83, type: 1, time: NOW - 60 * DAY },
  );
  const { list, anchors } = await ask(ready["because-you-liked"], recent);
  expect([...anchors]).toEqual([42]);
  expect(kindOf(list, 2)).toBeGreaterThanOrEqual(9);
});

test("recently-viewed and buy-again contain only the user's own items, and nothing for anonymous visitors", async () => {
  const recent = recentOf({ item: 3 }, { item: 7, type: 1, time: NOW - 30 * DAY }, { item: 3, time: NOW - DAY }, { item: 9 });
  expect((await ask(ready["recently-viewed"], recent)).list).toEqual([3, 7, 9]);
  expect((await ask(ready["recently-viewed"], nobody)).list).toEqual([]);
  expect((await ask(ready["buy-again"], recent)).list.every((item) => item === 7)).toBe(true);
  expect((await ask(ready["buy-again"], nobody)).list).toEqual([]);
});

test("rerank returns the list in the request, most relevant first", async () => {
  const candidates = Uint32Array.of(101, 102, 103, 104, 106, 199);
  const { list } = await ask(ready.rerank, recentOf({ item: 61 }, { item: 66 }), { candidates, k: 6 });
  expect([...list].sort()).toEqual([...candidates].sort());
  expect(list.slice(0, 2).sort()).toEqual([101, 106]);
});
