// @ts-check
// Shared by RecoBase's runners: the data as a Dataset, the NDCG that shows that the output is right, and the line of JSON they print.
import { Dataset, Histories, Vocabulary } from "recobase";
import { benchData } from "../data.mjs";

/** @param {import("../data.mjs").Pairs} pairs @param {import("recobase").Vocabulary} users @param {import("recobase").Vocabulary} items */
const dataset = (pairs, users, items) => new Dataset({ users, items, interactions: { user: pairs.users, item: pairs.items } });

/** The split of a benchmark's data. @param {string} name */
export async function split(name) {
  const { userCount, itemCount, train, test } = await benchData(name);
  const users = new Vocabulary(
    "user",
    Array.from({ length: userCount }, (_, i) => i),
  );
  const items = new Vocabulary(
    "item",
    Array.from({ length: itemCount }, (_, i) => i),
  );
  return { train: dataset(train, users, items), test: dataset(test, users, items) };
}

/** Seconds that `work` takes, and its result. @template T @param {() => T | Promise<T>} work */
export async function timed(work) {
  const start = performance.now();
  const value = await work();
  return { seconds: (performance.now() - start) / 1000, value };
}

/**
 * Mean NDCG@20 over the first 5,000 users with held-out items, all items ranked, seen items masked.
 * @param {import("recobase").Model} model @param {{ train: Dataset, test: Dataset }} split
 */
export function ndcg20(model, { train, test }) {
  const seen = train.byUser();
  const wanted = test.byUser();
  const users = [];
  for (let user = 0; user < wanted.rows && users.length < 5000; user++)
    if (wanted.offsets[user + 1] > wanted.offsets[user]) users.push(user);
  const histories = rows(seen, users);
  const { items } = model.rank(Histories.ofBag(histories), { k: 20, exclude: histories });
  let sum = 0;
  users.forEach((user, row) => {
    const targets = new Set(wanted.indices.subarray(wanted.offsets[user], wanted.offsets[user + 1]));
    let gain = 0;
    let ideal = 0;
    for (let place = 0; place < 20; place++) {
      if (targets.has(items[row * 20 + place])) gain += 1 / Math.log2(place + 2);
      if (place < targets.size) ideal += 1 / Math.log2(place + 2);
    }
    sum += gain / ideal;
  });
  return sum / users.length;
}

/** @param {import("recobase").Csr} matrix @param {readonly number[]} which @returns {import("recobase").Csr} */
function rows(matrix, which) {
  const offsets = new Uint32Array(which.length + 1);
  which.forEach((row, i) => {
    offsets[i + 1] = offsets[i] + matrix.offsets[row + 1] - matrix.offsets[row];
  });
  const indices = new Uint32Array(offsets[which.length]);
  which.forEach((row, i) => {
    indices.set(matrix.indices.subarray(matrix.offsets[row], matrix.offsets[row + 1]), offsets[i]);
  });
  return { rows: which.length, columns: matrix.columns, offsets, indices, values: new Float32Array(indices.length).fill(1) };
}

/** Prints a runner's result: seconds of the work itself, the number that shows that it is right, and the peak memory. @param {Record<string, unknown>} result */
export function report(result) {
  console.log(JSON.stringify({ ...result, peakMiB: Math.round(process.resourceUsage().maxRSS / 1024) }));
  process.exit(0);
}
