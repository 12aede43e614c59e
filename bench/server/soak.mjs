// @ts-check
// npm run bench:soak [-- --minutes 30]: the server under a long, steady, mixed load: lists with and without rules, events, new and changed items,
// deleted users, imports, fits. Prints one line per minute. Fails on any error, or if memory still grows in the second half. Writes
// bench/server/SOAK.md.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { shopLoad } from "recobase/simulate";
import { startOurs } from "./ours.mjs";

const { values: flags } = parseArgs({ options: { minutes: { type: "string", default: "30" }, rate: { type: "string", default: "300" } } });
const [minutes, rate] = [Number(flags.minutes), Number(flags.rate)];
const [items, events, visitors] = [20_000, 300_000, 15_000];
/** Growth in the second half that counts as noise, as a share of the memory at half time. */
const FLAT = 0.05;

const { shop, log } = shopLoad({ items, events, visitors });
const folder = mkdtempSync(join(tmpdir(), "recobase-soak-"));
const server = await startOurs({ folder, training: { every: "3m", afterEvents: 20_000 } });

/** @type {Record<string, number>} */
const done = {};
/** @type {string[]} */
const errors = [];
/** @type {number[]} */
let latencies = [];
const pick = (/** @type {number} */ bound) => Math.floor(Math.random() * bound);

/** @param {string} name @param {string} method @param {string} path @param {unknown} [body] */
async function ask(name, method, path, body) {
  const started = performance.now();
  try {
    const response = await fetch(`${server.url}/v1/${path}`, {
      method,
      headers: server.headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 200)}`);
    if (name === "lists") latencies.push(performance.now() - started);
    done[name] = (done[name] ?? 0) + 1;
    return JSON.parse(text);
  } catch (error) {
    errors.push(`${name}: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

const event = (/** @type {number} */ user) => ({
  user: `u${user}`,
  item: `i${log.item[pick(events)]}`,
  type: ["view", "view", "view", "cart", "purchase"][pick(5)],
});

/** A caller's next action: mostly lists and events. */
async function step() {
  const dice = Math.random();
  const user = pick(visitors);
  if (dice < 0.55) {
    const answer = await ask("lists", "GET", `recommendations/for-you?user=u${user}&k=10`);
    if (answer !== undefined && answer.items.length !== 10) errors.push(`a list of ${answer.items.length}`);
    const item = answer?.items[pick(3)]?.item;
    if (item !== undefined && Math.random() < 0.2)
      await ask("clicks", "POST", "events", { user: `u${user}`, item, type: "view", recommendation: answer.id });
  } else if (dice < 0.65) await ask("similar", "GET", `recommendations/similar?item=i${pick(items)}&k=10`);
  else if (dice < 0.75) {
    const rules = { filter: `price < ${10 + pick(90)}`, boosts: [{ by: `if price < ${pick(50)} then 1.5 else 1` }], trace: true };
    await ask("with rules", "POST", "recommendations/for-you", { user: `u${user}`, k: 10, ...rules });
  } else if (dice < 0.97)
    await ask(
      "events",
      "POST",
      "events",
      Array.from({ length: 1 + pick(3) }, () => event(user)),
    );
  else if (dice < 0.99) {
    const { properties } = shop.items[pick(items)];
    await ask("changed items", "PUT", `items/i${pick(items)}`, { properties: { ...properties, price: 1 + pick(100) } });
  } else if (dice < 0.995) await ask("statistics", "GET", "stats");
  else if (dice < 0.9955) await ask("deleted users", "DELETE", `users/u${user}`);
  else await ask("models", "GET", "models");
}

function resident() {
  const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8")) ?? [];
  return Number(kib) / 1024;
}

/** @type {string[][]} */
const rows = [];
try {
  for (let from = 0; from < items; from += 5000)
    await server.send(
      "POST",
      "items",
      Array.from({ length: 5000 }, (_, i) => ({ id: `i${from + i}`, properties: shop.items[from + i].properties })),
    );
  for (let from = 0; from < events; from += 1000)
    await server.send(
      "POST",
      "events",
      Array.from({ length: 1000 }, (_, i) => ({
        user: `u${log.user[from + i]}`,
        item: `i${log.item[from + i]}`,
        type: ["view", "cart", "purchase"][log.type[from + i]],
        time: log.time[from + i],
      })),
    );
  const started = performance.now();
  let under = 0;
  // Requests are sent at a fixed rate, even if earlier ones are still unanswered.
  const timer = setInterval(() => {
    for (let i = 0; i < rate / 50 && under < 500; i++) {
      under++;
      void step().finally(() => {
        under--;
      });
    }
  }, 20);
  /** @type {number[]} */
  const memory = [];
  // The minimum of each minute is the memory really in use, without garbage and fits.
  let least = Number.POSITIVE_INFINITY;
  const watch = setInterval(() => {
    least = Math.min(least, resident());
  }, 500);
  for (let minute = 1; minute <= minutes; minute++) {
    await new Promise((resolve) => setTimeout(resolve, started + minute * 60_000 - performance.now()));
    memory.push(least);
    least = Number.POSITIVE_INFINITY;
    latencies.sort((a, b) => a - b);
    const at = (/** @type {number} */ share) => latencies[Math.floor(share * (latencies.length - 1))]?.toFixed(1) ?? "–";
    const fits = (await server.send("GET", "jobs")).jobs.filter(
      (/** @type {{ kind: string, state: string }} */ { kind, state }) => kind !== "import" && state === "done",
    ).length;
    rows.push([
      String(minute),
      memory[minute - 1].toFixed(0),
      String(latencies.length),
      at(0.5),
      at(0.99),
      String(fits),
      String(errors.length),
    ]);
    const [, mib, lists, p50, p99] = rows[minute - 1];
    console.log(
      `minute ${minute}: ${mib} MiB, ${lists} lists, p50 ${p50} ms, p99 ${p99} ms, ${fits} fits and updates, ${errors.length} errors`,
    );
    latencies = [];
  }
  clearInterval(timer);
  clearInterval(watch);
  for (let waited = 0; under > 0 && waited < 100; waited++) await new Promise((resolve) => setTimeout(resolve, 50));
  const half = memory.slice(Math.floor(memory.length / 2));
  const third = Math.max(1, Math.floor(half.length / 3));
  const mean = (/** @type {number[]} */ values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const growth = mean(half.slice(-third)) / mean(half.slice(0, third)) - 1;
  const verdict = `${minutes} minutes at ${rate} steps per second: ${Object.entries(done)
    .map(([name, count]) => `${count.toLocaleString("en")} ${name}`)
    .join(", ")}; ${errors.length} errors; memory in the second half ${growth >= 0 ? "+" : ""}${(100 * growth).toFixed(1)}%.`;
  console.log(verdict);
  for (const error of errors.slice(0, 10)) console.log(error);
  const table = [
    "| minute | min MiB | lists | p50 ms | p99 ms | fits so far | errors so far |",
    "| --- | --- | --- | --- | --- | --- | --- |",
  ];
  writeFileSync(
    new URL("./SOAK.md", import.meta.url),
    `# The server under long load\n\nMade by \`npm run bench:soak\`. ${items.toLocaleString("en")} items, ${events.toLocaleString("en")} events at the start. Node ${process.version}, ${cpus()[0].model.trim()}, ${cpus().length} cores, shared with the load.\n\n${verdict}\n\n${[...table, ...rows.map((cells) => `| ${cells.join(" | ")} |`)].join("\n")}\n`,
  );
  process.exitCode = errors.length > 0 || growth > FLAT ? 1 : 0;
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
