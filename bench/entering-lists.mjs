// @ts-check
// How many invented users it takes to get an item from the tail of a shop of 20,000 events into the first ten of each list:
//
//     npm run build && node bench/entering-lists.mjs
import { openEngine } from "recobase/engine";

const ITEMS = 1000;
const USERS = 2000;
const DAY = 86_400_000;
const TAIL = "i900";
const MOST = 400;

let state = 1;
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

const now = Date.now();
const past = Array.from({ length: 20_000 }, () => ({
  user: `u${Math.floor(random() * USERS)}`,
  // Popularity falls with the rank, as in a real shop.
  item: `i${Math.floor(ITEMS ** random()) - 1}`,
  type: random() < 0.05 ? "purchase" : "view",
  time: now - Math.floor(random() * 30 * DAY),
})).sort((a, b) => a.time - b.time);

for (const [type, each] of /** @type {const} */ ([
  ["view", 1],
  ["view", 5],
  ["purchase", 1],
])) {
  const engine = await openEngine({ store: "memory", log: "silent" });
  const project = engine.project("default");
  await project.putItems(Array.from({ length: ITEMS }, (_, i) => ({ id: `i${i}`, properties: { title: `Item ${i}` } })));
  for (let from = 0; from < past.length; from += 5000) await project.ingest(past.slice(from, from + 5000));
  /** @type {Record<string, number>} */
  const entered = {};
  for (let users = 1; users <= MOST && Object.keys(entered).length < 3; users++) {
    await project.ingest(Array.from({ length: each }, () => ({ user: `invented-${users}`, item: TAIL, type })));
    for (const name of ["trending", "popular", "for-you"]) {
      if (entered[name] !== undefined) continue;
      const { items } = await project.recommend(name, { k: 10, seed: 3 });
      if (items.some(({ item, sources }) => item === TAIL && !sources.includes("exploration"))) entered[name] = users;
    }
  }
  const told = Object.entries(entered).map(([name, users]) => `${name} ${users}`);
  console.log(`${each} ${type} by each invented user; users until it is in: ${told.join(", ")}`);
  await engine.close();
}
