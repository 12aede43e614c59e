// @ts-check
// Measures the microseconds that one request spends in a pipeline, without store and HTTP: node bench/pipeline.mjs [RECOMMENDER], after npm run
// build. 100,000 items with properties, 1 million events from 50,000 people, an item-to-item model, and the sources of the built-in recommenders.
import { createBackend, Dataset, onlineModel, Random, Vocabulary } from "recobase";
import { itemKnn } from "recobase/models";
import { activityOf, assemblePipeline, ModelSource, makeSource, noActivity, PipelineRegistry, readyMade } from "recobase/pipeline";

const ITEMS = 100_000;
const USERS = 50_000;
const EVENTS = 1_000_000;
const DAY = 86_400_000;
const now = 400 * DAY;
const random = new Random(1);

/** Sessions of people who each like a few of 200 kinds of items; within a kind, few items are popular. */
function simulate() {
  const user = new Uint32Array(EVENTS);
  const item = new Uint32Array(EVENTS);
  const time = new Float64Array(EVENTS);
  for (let e = 0; e < EVENTS; ) {
    const who = random.integer(USERS);
    const when = (e / EVENTS) * now;
    const kind = (who * 7 + random.integer(3)) % 200;
    for (let n = 1 + random.integer(8); n > 0 && e < EVENTS; n--, e++) {
      user[e] = who;
      item[e] = kind + 200 * Math.floor((ITEMS / 200) * random.uniform() ** 3);
      time[e] = when + n * 60_000;
    }
  }
  return { length: EVENTS, user, item, type: new Uint8Array(EVENTS), value: new Float64Array(EVENTS).fill(1), time };
}

/** @param {string} kind @param {number} of */
const names = (kind, of) => Array.from({ length: of }, (_, i) => `${kind}${i}`);

const events = simulate();
const weights = { types: ["view"], of: () => 1 };
const words = names("word", 5000);
/** @type {import("recobase/pipeline").CatalogView} */
const catalog = {
  size: ITEMS,
  version: 1,
  firstSeen: Float64Array.from({ length: ITEMS }, () => random.uniform() * now),
  columns: {
    title: {
      type: "text",
      values: Array.from({ length: ITEMS }, (_, i) =>
        [i % 200, ...Array.from({ length: 6 }, () => Math.floor(5000 * random.uniform() ** 2))].map((w) => words[w]).join(" "),
      ),
    },
    kind: { type: "category", codes: Uint32Array.from({ length: ITEMS }, (_, i) => i % 200), names: names("kind", 200) },
    price: { type: "number", values: Float64Array.from({ length: ITEMS }, () => Math.exp(3 * random.uniform())) },
  },
};
const available = new Uint8Array(ITEMS).fill(1);

/** @param {string} what @param {() => unknown} work */
async function once(what, work) {
  const start = performance.now();
  await work();
  console.log(`${what.padEnd(44)} ${((performance.now() - start) / 1000).toFixed(2)} s`);
}

const model = new ModelSource();
await once("fit item-knn", async () => {
  const data = new Dataset({
    users: new Vocabulary("user", names("u", USERS)),
    items: new Vocabulary("item", names("i", ITEMS)),
    interactions: { user: events.user, item: events.item },
  });
  const fitted = onlineModel(await itemKnn({ neighbors: 100 }).fit(data), createBackend({ threads: 1 }));
  await fitted.prepared;
  model.use(fitted, "1");
});

const registry = new PipelineRegistry();
for (const spec of Object.values(readyMade)) await registry.load(spec);
await registry.load({ diversity: { kind: "mmr", strength: 0.3 } });

/** @type {Map<string, import("recobase/pipeline").GuardedSource>} */
const made = new Map();
const environment = {
  catalog,
  available: () => available,
  indexOf: () => -1,
  schema: { properties: /** @type {const} */ ({ title: "text", kind: "category", price: "number" }) },
  /** @param {import("recobase/pipeline").SourceSpec} spec */
  source(spec) {
    const key = JSON.stringify(spec);
    const source = made.get(key) ?? makeSource(spec, registry, { catalog, weights, model: () => model });
    made.set(key, source);
    return source;
  },
  registry,
  learned: () => undefined,
  feedback: () => undefined,
};
const pipelines = Object.fromEntries(
  [
    ...Object.entries(readyMade).filter(([, spec]) => spec.for === undefined || spec.for === "items"),
    /** @type {const} */ (["for-you, filtered", { ...readyMade["for-you"], filter: "price < 10" }]),
    /** @type {const} */ (["for-you, filter with a parameter", { ...readyMade["for-you"], filter: "price < $most" }]),
    /** @type {const} */ ([
      "for-you, mmr and caps",
      { ...readyMade["for-you"], diversity: { kind: "mmr", strength: 0.3 }, caps: [{ by: "kind", max: 3 }] },
    ]),
    /** @type {const} */ (["model alone", { sources: [{ kind: "model" }] }]),
  ].map(([name, spec]) => [name, assemblePipeline(/** @type {import("recobase/pipeline").RecommenderSpec} */ (spec), environment)]),
);
for (const [key, { source }] of made)
  if (source.observe) await once(`1 million events: ${key}`.slice(0, 44), () => source.observe?.(events));
await once("index the properties of 100,000 items", async () => {
  for (const { source } of made.values()) while (source.ready?.() === false) await new Promise((resolve) => setTimeout(resolve, 5));
});

/** The newest events of each person, as a store keeps them. */
const recents = (() => {
  /** @type {Map<number, number[]>} */
  const byUser = new Map();
  for (let e = EVENTS - 1; e >= 0; e--) {
    const own = byUser.get(events.user[e]) ?? [];
    if (own.length < 200) own.push(e);
    byUser.set(events.user[e], own);
  }
  return [...byUser.values()].slice(0, 5000).map((own) => ({
    length: own.length,
    item: Uint32Array.from(own, (e) => events.item[e]),
    type: new Uint8Array(own.length),
    value: new Float64Array(own.length).fill(1),
    time: Float64Array.from(own, (e) => events.time[e]),
  }));
})();
console.log(
  `histories of ${(recents.reduce((sum, { length }) => sum + length, 0) / recents.length).toFixed(1)} events in the mean; k = 10\n`,
);

const none = new Uint32Array(0);
console.log(`${"recommender".padEnd(34)} cpu µs   median      p99`);
for (const [name, pipeline] of Object.entries(pipelines)) {
  if (process.argv[2] !== undefined && process.argv[2] !== name) continue;
  const spec = readyMade[name];
  /** @type {number[]} */
  const times = [];
  const begin = performance.now();
  let cpu = process.cpuUsage();
  for (let i = 0; performance.now() < begin + 3000; i++) {
    const start = performance.now();
    const { history, recent, seen, hidden } = activityOf(recents[i % recents.length] ?? noActivity, undefined, weights, undefined);
    const answer = await pipeline.run({
      k: 10,
      history,
      recent,
      hidden,
      seen,
      anchors: spec?.for === "items" ? history.items.slice(0, 1) : none,
      candidates: name === "rerank" ? Uint32Array.from({ length: 100 }, () => random.integer(ITEMS)) : undefined,
      exclude: none,
      filters: [],
      boosts: [],
      user: "u",
      scope: { now, parameters: { most: 10 } },
      context: {},
      random: new Random(i),
      trace: false,
      why: none,
    });
    const took = 1000 * (performance.now() - start);
    // Skip the warm-up requests.
    if (performance.now() > begin + 1000) {
      if (times.length === 0) cpu = process.cpuUsage();
      times.push(took);
    }
    if (i === 0 && answer.skipped.length > 0) console.log(name, answer.skipped);
  }
  times.sort((a, b) => a - b);
  // Processor time is what a request takes when no other process uses the core. It includes garbage collection.
  const { user, system } = process.cpuUsage(cpu);
  const mean = (user + system) / (times.length - 1);
  /** @param {number} value */
  const cell = (value) => value.toFixed(0).padStart(9);
  console.log(`${name.padEnd(32)} ${cell(mean)}${cell(times[times.length >> 1])}${cell(times[Math.floor(0.99 * times.length)])}`);
}
process.exit(0);
