// @ts-check
// The benchmark data, written once to bench/.cache as raw 32-bit integers that every runner reads. So only the CSV benchmark spends time on
// parsing text.
import { existsSync } from "node:fs";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { Random } from "recobase";
import { realData } from "recobase/testing";

const cache = fileURLToPath(new URL(".cache/", import.meta.url));

/**
 * Interactions of a benchmark: row i is users[i], items[i]. `test` is held out.
 * @typedef {{ users: Uint32Array, items: Uint32Array }} Pairs
 * @typedef {{ name: string, userCount: number, itemCount: number, train: Pairs, test: Pairs }} BenchData
 */

/** Path of a file in the cache. @param {string} name */
export const cached = (name) => `${cache}${name}`;

/** @param {string} name @returns {Promise<BenchData>} */
export async function benchData(name) {
  if (!existsSync(cached(`${name}.json`))) {
    await mkdir(cache, { recursive: true });
    console.error(`making bench/.cache/${name} …`);
    const makers = { gowalla: makeGowalla, "ml-1m": makeMl1m, "fractal-20m": makeFractal };
    await makers[/** @type {keyof typeof makers} */ (name)]();
  }
  const { userCount, itemCount } = JSON.parse(await readFile(cached(`${name}.json`), "utf8"));
  return { name, userCount, itemCount, train: await readPairs(`${name}.train`), test: await readPairs(`${name}.test`) };
}

/** @param {string} name @param {string} file */
async function source(name, file) {
  const folder = realData(name);
  if (folder === undefined)
    throw new Error(`The benchmark needs the data set ${name}. Put it under ../shared/data, or set RECOBASE_DATA to its parent folder.`);
  return gunzipSync(await readFile(`${folder}/${file}`)).toString("utf8");
}

/** @param {BenchData} data */
async function write({ name, userCount, itemCount, train, test }) {
  for (const [part, pairs] of Object.entries({ train, test })) {
    const file = await open(cached(`${name}.${part}`), "w");
    await file.writeFile(bytes(pairs.users));
    await file.writeFile(bytes(pairs.items));
    await file.close();
  }
  await writeFile(cached(`${name}.json`), JSON.stringify({ userCount, itemCount, train: train.users.length, test: test.users.length }));
}

/** @param {Uint32Array} array */
const bytes = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** @param {string} file @returns {Promise<Pairs>} */
async function readPairs(file) {
  const raw = await readFile(cached(file));
  const all = new Uint32Array(raw.buffer, raw.byteOffset, raw.byteLength / 4);
  return { users: all.subarray(0, all.length / 2), items: all.subarray(all.length / 2) };
}

async function makeGowalla() {
  /** @param {string} file */
  const parse = async (file) => {
    /** @type {number[]} */ const users = [];
    /** @type {number[]} */ const items = [];
    for (const line of (await source("gowalla-lightgcn", file)).split("\n")) {
      const [user, ...rest] = line.trim().split(" ").map(Number);
      for (const item of rest)
        if (line.trim() !== "") {
          users.push(user);
          items.push(item);
        }
    }
    return { users: Uint32Array.from(users), items: Uint32Array.from(items) };
  };
  await write({
    name: "gowalla",
    userCount: 29_858,
    itemCount: 40_981,
    train: await parse("train.txt.gz"),
    test: await parse("test.txt.gz"),
  });
}

/** All ratings, users and items numbered by first appearance. */
async function ml1m() {
  const lines = (await source("ml-1m", "ratings.csv.gz")).trim().split("\n").slice(1);
  const users = new Uint32Array(lines.length);
  const items = new Uint32Array(lines.length);
  /** @type {Map<string, number>} */ const userIndex = new Map();
  /** @type {Map<string, number>} */ const itemIndex = new Map();
  /** @param {Map<string, number>} map @param {string} key */
  const code = (map, key) => {
    const known = map.get(key) ?? map.size;
    map.set(key, known);
    return known;
  };
  lines.forEach((line, i) => {
    const [user, item] = line.split(",");
    users[i] = code(userIndex, user);
    items[i] = code(itemIndex, item);
  });
  return { users, items, userCount: userIndex.size, itemCount: itemIndex.size };
}

async function makeMl1m() {
  const { users, items, userCount, itemCount } = await ml1m();
  const random = new Random(1);
  const isTest = Uint8Array.from(users, () => (random.uniform() < 0.1 ? 1 : 0));
  /** @param {number} part */
  const part = (part) => ({ users: users.filter((_, i) => isTest[i] === part), items: items.filter((_, i) => isTest[i] === part) });
  await write({ name: "ml-1m", userCount, itemCount, train: part(0), test: part(1) });
}

/**
 * A stochastic Kronecker expansion of MovieLens 1M (Belletti et al. 2019), 16 x 16 blocks: block (a, b) is the original with its users and
 * items permuted, each interaction kept with a probability proportional to cell (a, b) of the original shrunk to 16 x 16. 20 million
 * interactions; 1 in 500 is held out.
 */
async function makeFractal() {
  const side = 16;
  const target = 20_000_000;
  const { users, items, userCount, itemCount } = await ml1m();
  /** @param {Uint32Array} ids @param {number} count the block of each id, most active first */
  const blocks = (ids, count) => {
    const degree = new Float64Array(count);
    for (const id of ids) degree[id]++;
    const order = Array.from(degree.keys()).sort((x, y) => degree[y] - degree[x]);
    const block = new Uint8Array(count);
    order.forEach((id, place) => {
      block[id] = Math.floor((place * side) / count);
    });
    return block;
  };
  const userBlock = blocks(users, userCount);
  const itemBlock = blocks(items, itemCount);
  const cells = new Float64Array(side * side);
  users.forEach((user, i) => {
    cells[userBlock[user] * side + itemBlock[items[i]]]++;
  });
  // The share kept in each cell, tempered so that no cell exceeds 1 and the total reaches the target.
  const peak = Math.max(...cells);
  let [low, high] = [0.01, 4];
  for (let i = 0; i < 60; i++) {
    const power = (low + high) / 2;
    const sum = cells.reduce((total, cell) => total + (cell / peak) ** power, 0) * users.length;
    if (sum > target) low = power;
    else high = power;
  }
  const random = new Random(3);
  const capacity = Math.ceil(target * 1.01);
  const bigUsers = new Uint32Array(capacity);
  const bigItems = new Uint32Array(capacity);
  let size = 0;
  for (let a = 0; a < side; a++)
    for (let b = 0; b < side; b++) {
      const keep = (cells[a * side + b] / peak) ** low;
      const userOf = random.shuffle(Uint32Array.from({ length: userCount }, (_, i) => i));
      const itemOf = random.shuffle(Uint32Array.from({ length: itemCount }, (_, i) => i));
      for (let i = 0; i < users.length && size < capacity; i++)
        if (random.uniform() < keep) {
          bigUsers[size] = a * userCount + userOf[users[i]];
          bigItems[size++] = b * itemCount + itemOf[items[i]];
        }
    }
  const isTest = new Uint8Array(size);
  let tests = 0;
  for (let i = 0; i < size; i++)
    if (random.uniform() < 1 / 500) {
      isTest[i] = 1;
      tests++;
    }
  const train = { users: new Uint32Array(size - tests), items: new Uint32Array(size - tests) };
  const test = { users: new Uint32Array(tests), items: new Uint32Array(tests) };
  let [t, w] = [0, 0];
  for (let i = 0; i < size; i++) {
    const part = isTest[i] ? test : train;
    const at = isTest[i] ? w++ : t++;
    part.users[at] = bigUsers[i];
    part.items[at] = bigItems[i];
  }
  await write({ name: "fractal-20m", userCount: side * userCount, itemCount: side * itemCount, train, test });
}
