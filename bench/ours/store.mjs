// @ts-check
// The event store over SQLite: node store.mjs [EVENTS], by default 1,000,000. Appends them durably, in batches of 1,000 from 4 callers,
// then one at a time from 64 callers for two seconds, each with an idempotency key. Then another process opens the file and reads it.
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkEvents, openStore } from "recobase/store";

const BATCH = 1000;
const [what = "1000000", path] = process.argv.slice(2);
if (what === "--open") await read(path);
else await write(Number(what));

/** @param {number} count */
async function write(count) {
  const folder = await mkdtemp(join(tmpdir(), "recobase-store-"));
  try {
    const file = join(folder, "store.db");
    const store = await openStore(file);
    const shop = await store.createProject("shop");
    const next = events(count);

    let left = Math.floor(count / BATCH);
    let start = performance.now();
    const caller = async () => {
      while (left-- > 0) await shop.append(checked(Array.from({ length: BATCH }, next)));
    };
    await Promise.all(Array.from({ length: 4 }, caller));
    const batches = Math.round((shop.size / (performance.now() - start)) * 1000);

    const before = shop.size;
    /** @type {number[]} */
    const waits = [];
    start = performance.now();
    const single = async () => {
      while (performance.now() < start + 2000) {
        const asked = performance.now();
        await shop.append(checked([next()]));
        waits.push(performance.now() - asked);
      }
    };
    await Promise.all(Array.from({ length: 64 }, single));
    const singles = Math.round((shop.size - before) / 2);

    const items = Array.from({ length: 100_000 }, (_, i) => ({
      id: `item-${i}`,
      properties: { title: `The title of ${i}`, category: `category ${i % 100}`, tags: [`tag ${i % 7}`, `tag ${i % 11}`], price: i / 10 },
    }));
    start = performance.now();
    await shop.putItems(items);
    const putSeconds = (performance.now() - start) / 1000;

    start = performance.now();
    for (let i = 0; i < 20_000; i++)
      shop.logImpression({
        id: `answer-${i}`,
        time: i,
        user: `user-${i % 1000}`,
        recommender: "for-you",
        items: items.slice(i % 1000, (i % 1000) + 10).map((item) => item.id),
        scores: new Float32Array(10),
        propensities: new Float32Array(10).fill(1),
        features: { ease: new Float32Array(10), popular: new Float32Array(10) },
      });
    const servedMicroseconds = ((performance.now() - start) / 20_000) * 1000;
    await store.close();
    const megabytes = Math.round((await import("node:fs")).statSync(file).size / 1e6);
    print({
      events: count,
      "events/s in batches of 1,000": batches,
      "single events/s": singles,
      "p99 of a single append, ms": round(percentile(waits, 0.99)),
      "100,000 items, s": round(putSeconds),
      "µs per logImpression": round(servedMicroseconds),
      "MB on disk": megabytes,
      "writer's peak MiB": peak(),
    });
    spawnSync(process.execPath, [fileURLToPath(import.meta.url), "--open", file], { stdio: "inherit" });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} file */
async function read(file) {
  let start = performance.now();
  const store = await openStore(file);
  const startSeconds = (performance.now() - start) / 1000;
  const openedPeak = peak();
  const resident = Math.round(process.memoryUsage().rss / 2 ** 20);
  const shop = store.project("shop");

  const users = Array.from({ length: 1000 }, () => `user-${Math.floor(Math.random() * shop.users.size)}`);
  start = performance.now();
  let read = 0;
  for (let round = 0; round < 20; round++) for (const user of users) read += shop.recent(user, 200).length;
  const recent = ((performance.now() - start) / 20_000) * 1000;

  start = performance.now();
  const columns = await shop.scan();
  const scan = (performance.now() - start) / 1000;
  let ups = 0;
  for (let i = 0; i < columns.length; i++) ups += columns.type[i];

  start = performance.now();
  const removed = await shop.deleteUser("user-7");
  const deletion = (performance.now() - start) / 1000;
  print({
    events: shop.size + removed,
    "start, s": round(startSeconds),
    "peak MiB after start": openedPeak,
    "resident MiB after start": resident,
    "µs per list of the last 200": round(recent),
    "entries of such a list": round(read / 20_000),
    "scan, s": round(scan),
    "sum of types": ups,
    "deleting a user, s": round(deletion),
    "events of that user": removed,
  });
  await store.close();
}

/** Events of users with about 200 events each, on 50,000 items, some more popular than others. @param {number} count @returns {() => import("recobase/store").EventInput} */
function events(count) {
  const users = Array.from({ length: Math.max(100, Math.floor(count / 200)) }, (_, i) => `user-${i}`);
  const items = Array.from({ length: 50_000 }, (_, i) => `item-${i}`);
  const types = ["view", "view", "view", "cart", "purchase"];
  let n = 0;
  return () => {
    n++;
    return {
      user: users[Math.floor(Math.random() * users.length)],
      item: items[Math.floor(Math.random() ** 2 * items.length)],
      type: types[n % 5],
      time: 1_700_000_000_000 + n * 37,
      key: `key-${n}`,
    };
  };
}

/** @param {import("recobase/store").EventInput[]} events */
function checked(events) {
  return checkEvents(events, { now: Date.now(), skew: 0 }).valid;
}

/** @param {number[]} values @param {number} share */
function percentile(values, share) {
  return values.sort((a, b) => a - b)[Math.floor(values.length * share)];
}

function peak() {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

/** @param {number} value */
function round(value) {
  return Number(value.toPrecision(3));
}

/** @param {Record<string, number>} figures */
function print(figures) {
  console.log(JSON.stringify(figures, undefined, 2));
}
