// @ts-check
// The 100 best items for every user, seen items masked, from the factors that implicit learned: node top-100.mjs DATA FACTORS
import { readFile } from "node:fs/promises";
import { defaultBackend, topKInner } from "recobase/kernel";
import { cached } from "../data.mjs";
import { report, split, timed } from "./runner.mjs";

const [name, dimensions] = process.argv.slice(2);
const { train } = await split(name);
const floats = async (/** @type {string} */ file) => {
  const bytes = await readFile(cached(file));
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
};
const queries = await floats(`${name}.${dimensions}.users`);
const factors = await floats(`${name}.${dimensions}.items`);
const exclude = train.byUser();
const backend = defaultBackend();
const { seconds, value } = await timed(() =>
  topKInner(backend, {
    queries,
    rows: train.users.size,
    factors,
    items: train.items.size,
    dimensions: Number(dimensions),
    k: 100,
    exclude,
  }),
);
let sum = 0;
for (const score of value.scores) sum += score;
report({ seconds, scores: sum / value.scores.length });
