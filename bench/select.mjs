// @ts-check
// node bench/select.mjs MODEL DATA [--try option=v1,v2,…]… [--random N] [--seed S]: chooses hyperparameters on a validation part cut from the
// training data, never on the test set. Tries every combination of the --try values, or N random points from the model's search space (limited to
// the --try values). Adds them to bench/selection/MODEL.json and prints the best one so far.
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { evaluate, Random, RecoError } from "recobase";
import { kFold, loadDataset, loadSplit, randomHoldout } from "recobase/data";
import { registry } from "recobase/models";
import { realData } from "recobase/testing";

/** @param {import("recobase").Dataset} train @param {number} fraction */
const withheld = (train, fraction) => ({
  split: randomHoldout(train, { fraction, seed: 1 }),
  about: `${fraction * 100}% of each user's training interactions, seed 1`,
});

/** @param {string} folder @param {string} layout */
const firstFold = async (folder, layout) => withheld(kFold(await loadDataset(folder, { layout }), { folds: 5, seed: 0 })[0].train, 0.1);

/**
 * Validation splits by data set, with the list length to select for.
 * @type {Record<string, { k: number, make: (folder: string) => Promise<{ split: import("recobase").Split, about: string }> }>}
 */
const sources = {
  // As many held-out items per user as in the test part: with fewer, other exponents and penalties win.
  "gowalla-lightgcn": { k: 20, make: async (folder) => withheld((await loadSplit(folder, { layout: "lightgcn" })).train, 0.25) },
  "ml-100k": { k: 10, make: (folder) => firstFold(folder, "movielens-100k") },
  "ml-1m": { k: 10, make: (folder) => firstFold(folder, "movielens-1m") },
};

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { try: { type: "string", multiple: true, default: [] }, random: { type: "string" }, seed: { type: "string", default: "1" } },
});
const [modelName, dataName] = positionals;
const factory = registry[modelName];
const source = sources[dataName];
if (factory === undefined || source === undefined)
  throw new RecoError(
    "bad-input",
    `Usage: node bench/select.mjs MODEL DATA …; models: ${Object.keys(registry).join(", ")}; data: ${Object.keys(sources).join(", ")}.`,
  );
const folder = realData(dataName);
if (folder === undefined)
  throw new RecoError(
    "not-found",
    `The data set ${dataName} is missing. Put it under ../shared/data, or set RECOBASE_DATA to its parent folder.`,
  );

const { split, about } = await source.make(folder);
const metric = `ndcg@${source.k}`;
const file = new URL(`selection/${modelName}.json`, import.meta.url);
const all = existsSync(file) ? JSON.parse(await readFile(file, "utf8")) : {};
/** @type {{ options: Record<string, unknown>, seconds: number, [metric: string]: unknown }[]} */
const tried = all[dataName]?.tried ?? [];

for (const point of points()) {
  const spec = factory(point);
  const key = JSON.stringify(spec.options);
  if (tried.some(({ options }) => JSON.stringify(options) === key)) continue;
  const { models } = await evaluate([spec], split, { k: source.k, metrics: ["ndcg", "recall", "precision"], resamples: 0, segments: [] });
  const figures = Object.fromEntries(Object.entries(models[0].metrics).map(([name, { value }]) => [name, Number(value?.toFixed(5))]));
  tried.push({
    options: { ...spec.options },
    ...figures,
    seconds: Math.round(10 * ((models[0].fitSeconds ?? 0) + models[0].rankSeconds)) / 10,
  });
  console.log(figures[metric], JSON.stringify(point));
  tried.sort((a, b) => Number(b[metric]) - Number(a[metric]));
  all[dataName] = { validation: about, metric, won: tried[0].options, tried };
  await mkdir(new URL("selection/", import.meta.url), { recursive: true });
  await writeFile(file, `${JSON.stringify(all, undefined, 2)}\n`);
}
console.log(`best so far: ${tried[0]?.[metric]} with ${JSON.stringify(tried[0]?.options)}`);

/** The points to try. @returns {Record<string, unknown>[]} */
function points() {
  const held = flags.try.map((text) => {
    const [name, list = ""] = text.split("=");
    return {
      name,
      values: list
        .split(",")
        .map((value) => (value === "true" ? true : value === "false" ? false : Number.isNaN(Number(value)) ? value : Number(value))),
    };
  });
  if (flags.random === undefined) {
    /** @type {Record<string, unknown>[]} */
    let grid = [{}];
    for (const { name, values } of held) grid = grid.flatMap((point) => values.map((value) => ({ ...point, [name]: value })));
    return grid;
  }
  const random = new Random(Number(flags.seed));
  const specs = Object.entries(factory.definition.options);
  return Array.from({ length: Number(flags.random) }, () => {
    /** @type {Record<string, unknown>} */
    const point = {};
    for (const [name, { type, search }] of specs) {
      const given = held.find((entry) => entry.name === name)?.values;
      if (given !== undefined) point[name] = given[random.integer(given.length)];
      else if (search?.scale === "choice") point[name] = search.values[random.integer(search.values.length)];
      else if (search !== undefined) {
        const { scale, from, to } = search;
        const drawn = scale === "log" ? from * (to / from) ** random.uniform() : from + (to - from) * random.uniform();
        point[name] = type === "int" ? Math.round(drawn) : Number(drawn.toPrecision(3));
      }
    }
    return point;
  });
}
