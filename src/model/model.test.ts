import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Dataset } from "../data/dataset.ts";
import { createBackend } from "../kernel/backend.ts";
import { loadModel } from "../models/load-model.ts";
import { defineModel } from "./define-model.ts";
import type { Model } from "./model.ts";
import { float } from "./options.ts";

/** Counts how often two items occur together: an item-to-item matrix with many zeros. */
const together = defineModel({
  name: "together",
  family: "test",
  options: { scale: float(1) },
  fit(data, { scale }) {
    const { offsets, indices } = data.byUser();
    const n = data.items.size;
    const dense = new Float32Array(n * n);
    for (let user = 0; user < data.users.size; user++)
      for (let i = offsets[user]; i < offsets[user + 1]; i++)
        for (let j = offsets[user]; j < offsets[user + 1]; j++) if (i !== j) dense[indices[i] * n + indices[j]] += scale;
    const columns: number[] = [];
    const values: number[] = [];
    const starts = [0];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++)
        if (dense[i * n + j] !== 0) {
          columns.push(j);
          values.push(dense[i * n + j]);
        }
      starts.push(columns.length);
    }
    return { n, offsets: Uint32Array.from(starts), indices: Uint32Array.from(columns), values: Float32Array.from(values) };
  },
  itemToItem: ({ n, offsets, indices, values }) => ({ kind: "sparse", rows: n, columns: n, offsets, indices, values }),
});

const rows = [
  ["ann", "alien"],
  ["ann", "aliens"],
  ["bob", "alien"],
  ["bob", "aliens"],
  ["cat", "alien"],
  ["cat", "heat"],
  ["dan", "up"],
  ["eve", "up"],
  ["fay", "up"],
  ["fay", "brave"],
  ["gus", "casino"],
].map(([user, item]) => ({ user, item }));

let data: Dataset;
let model: Model;
let folder: string;
beforeAll(async () => {
  data = Dataset.fromRows(rows);
  model = await together().fit(data);
  folder = await mkdtemp(join(tmpdir(), "recobase-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

test("items the history doesn't reach come last, most popular first", () => {
  // alien occurs with aliens twice and with heat once. The rest by popularity: up 3, brave 1, casino 1.
  expect(model.recommend({ history: ["alien"] })).toEqual([
    { item: "aliens", score: 2 },
    { item: "heat", score: 1 },
    { item: "up", score: 0 },
    { item: "brave", score: 0 },
    { item: "casino", score: 0 },
  ]);
});

test("an empty history gets the most popular items", () => {
  expect(model.recommend({ history: [] }, { k: 2 }).map((entry) => entry.item)).toEqual(["alien", "up"]);
});

test("candidates and exclusions also apply to popular items that fill the list", () => {
  const options = { candidates: ["casino", "brave", "heat", "up"], exclude: ["up"] };
  expect(model.recommend({ history: ["alien"] }, options).map((entry) => entry.item)).toEqual(["heat", "brave", "casino"]);
});

test("seen items are returned only on request", () => {
  expect(model.recommend({ user: "ann" }, { k: 1, includeSeen: true })).toEqual([{ item: "alien", score: 2 }]);
  expect(model.recommend({ user: "ann" }, { k: 1 })).toEqual([{ item: "heat", score: 1 }]);
});

test("weights in the history count", () => {
  const strong = model.recommend({ history: [{ item: "up", weight: 5 }, "alien"] }, { k: 2 });
  expect(strong).toEqual([
    { item: "brave", score: 5 },
    { item: "aliens", score: 2 },
  ]);
  expect(() => model.recommend({ history: [{ item: "up", weight: Number.NaN }] })).toThrow("finite");
});

test("an explanation adds up to the score", () => {
  const { score, reasons } = model.explain?.({ history: ["aliens", "heat"] }, "alien") ?? { score: 0, reasons: [] };
  expect(score).toBe(3);
  expect(reasons).toEqual([
    { item: "aliens", contribution: 2 },
    { item: "heat", contribution: 1 },
  ]);
});

test("similar items come from the matrix, best first", () => {
  expect(model.similar?.("alien", { k: 5 })).toEqual([
    { item: "aliens", score: 2 },
    { item: "heat", score: 1 },
  ]);
});

test("errors name what is unknown and suggest similar names", () => {
  expect(() => model.recommend({ user: "anne" })).toThrow('No user "anne" among the 7 known. Did you mean ann?');
  expect(() => model.similar?.("alein")).toThrow('No item "alein" among the 6 known. Did you mean alien, aliens?');
  expect(() => model.recommend({ user: "ann" }, { k: 0 })).toThrow("k must be a whole number of at least 1, but is 0");
  expect(() => model.predict({ user: "ann" }, "up")).toThrow("doesn't predict ratings");
  expect(model.update).toBeUndefined();
});

test("an artifact preserves ids that mix numbers and text", async () => {
  const mixed = await together({ scale: 2 }).fit(
    Dataset.fromRows([
      { user: 1, item: "1" },
      { user: 1, item: 1 },
      { user: "ü/💡", item: "1" },
    ]),
  );
  const path = join(folder, "mixed.safetensors");
  await mixed.save(path);
  const loaded = await loadModel(path, { models: [together] });
  expect(loaded.items.ids).toEqual(["1", 1]);
  expect(loaded.users.ids).toEqual([1, "ü/💡"]);
  expect(loaded.recommend({ user: "ü/💡" })).toEqual([{ item: 1, score: 2 }]);
});

test("an artifact without histories keeps item popularity but no interactions", async () => {
  const path = join(folder, "anonymous.safetensors");
  await model.save(path, { histories: false });
  const loaded = await loadModel(path, { models: [together] });
  expect(loaded.recommend({ history: [] })).toEqual(model.recommend({ history: [] }));
  expect(() => loaded.recommend({ user: "ann" })).toThrow('No user "ann"');
});

test("loading an artifact of an unregistered model names the model", async () => {
  const path = join(folder, "foreign.safetensors");
  await model.save(path);
  await expect(loadModel(path)).rejects.toThrow('contains the model "together"');
});

test("the reference backend and the kernels give the same lists", async () => {
  const reference = await together().fit(data, { backend: createBackend({ reference: true }) });
  const queries = data.users.ids.map((user) => ({ user }));
  expect(reference.recommendBatch(queries)).toEqual(model.recommendBatch(queries));
});

test("a definition must offer exactly one way to score", () => {
  expect(() => defineModel({ name: "none", family: "test", options: {}, fit: () => ({}) })).toThrow("exactly one");
});
