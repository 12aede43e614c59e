// @ts-check
// npm run bench:server [-- --items 100000 --events 1000000 --without-gorse]: the server under load, compared with Gorse on the same data and
// cores. The load comes from a separate process on the same machine. Writes bench/server/RESULTS.md.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { shopLoad } from "recobase/simulate";
import { startGorse } from "./gorse.mjs";
import { startOurs } from "./ours.mjs";

const { values: flags } = parseArgs({
  options: {
    items: { type: "string", default: "100000" },
    events: { type: "string", default: "1000000" },
    seconds: { type: "string", default: "10" },
    "without-gorse": { type: "boolean", default: false },
  },
});
const [items, events, seconds] = [Number(flags.items), Number(flags.events), Number(flags.seconds)];
const cache = fileURLToPath(new URL("../../.cache", import.meta.url));
mkdirSync(cache, { recursive: true });

console.log(`Making a shop of ${items} items with ${events} events …`);
const { shop, log } = shopLoad({ items, events, visitors: Math.ceil(events / 20) });
const types = ["view", "cart", "purchase"];
const visitors = log.user.reduce((most, user) => Math.max(most, user + 1), 0);

/** @type {string[][]} */
const rows = [];
/** @param {string} system @param {string} work @param {string} figure */
function row(system, work, figure) {
  rows.push([system, work, figure]);
  console.log(`${system.padEnd(9)} ${work.padEnd(62)} ${figure}`);
}

/** @param {Omit<import("./load-generator.mjs").Load, "users" | "items">} load @returns {Promise<{ perSecond: number, p50: number, p99: number, most: number, failed: number }>} */
function generate(load) {
  const script = fileURLToPath(new URL("./load-generator.mjs", import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify({ ...load, users: visitors, items })], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("exit", (code) =>
      code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`the load generator exited with code ${code}`)),
    );
  });
}

/** Measures at full speed, then at half that rate. @param {string} system @param {string} what @param {Omit<import("./load-generator.mjs").Load, "users" | "items" | "connections" | "seconds">} request */
async function measure(system, what, request) {
  await generate({ ...request, connections: 16, seconds: 3 });
  const most = await generate({ ...request, connections: 16, seconds });
  row(system, `${what}, per second`, `${Math.round(most.perSecond)} (p99 ${most.p99} ms, ${most.failed} failed)`);
  const half = await generate({ ...request, connections: 16, seconds, rate: Math.max(1, Math.floor(most.perSecond / 2)) });
  row(system, `${what}, at half that load`, `p50 ${half.p50} ms, p99 ${half.p99} ms, max ${half.most} ms, ${half.failed} failed`);
}

/** @param {number} pid */
function residentMiB(pid) {
  const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Math.round(Number(kib) / 1024);
}

const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {number} from @param {number} count @param {(i: number) => object} make */
const batch = (from, count, make) => Array.from({ length: count }, (_, i) => make(from + i));

/** @param {string} folder */
async function ours(folder) {
  const server = await startOurs({ folder, training: { every: "7d", afterEvents: 1e9 } });
  try {
    const products = shop.items;
    let started = performance.now();
    for (let from = 0; from < items; from += 5000)
      await server.send(
        "POST",
        "items",
        batch(from, Math.min(5000, items - from), (i) => ({ id: `i${i}`, properties: products[i].properties })),
      );
    row("RecoBase", `writing ${items} items with properties`, `${((performance.now() - started) / 1000).toFixed(1)} s`);
    started = performance.now();
    // Several senders: while one batch is being committed, the next is being read.
    let next = 0;
    const event = (/** @type {number} */ i) => ({
      user: `u${log.user[i]}`,
      item: `i${log.item[i]}`,
      type: types[log.type[i]],
      value: log.value[i],
      time: log.time[i],
      session: `s${log.session[i]}`,
    });
    await Promise.all(
      [0, 1, 2].map(async () => {
        for (;;) {
          const from = next;
          next += 1000;
          if (from >= events) return;
          await server.send("POST", "events", batch(from, Math.min(1000, events - from), event));
        }
      }),
    );
    const rate = (events / (performance.now() - started)) * 1000;
    row("RecoBase", "events in batches of 1,000 over HTTP, durable, per second", String(Math.round(rate)));
    await server.send("POST", "jobs", { kind: "train" }).catch(() => {});
    started = performance.now();
    for (;;) {
      const { models } = await server.send("GET", "models");
      const { jobs } = await server.send("GET", "jobs");
      if (
        models.some((/** @type {{ state: string }} */ model) => model.state === "in-service") &&
        jobs.every((/** @type {{ state: string }} */ job) => !["running", "waiting"].includes(job.state))
      ) {
        row(
          "RecoBase",
          "live model",
          models
            .map(
              (/** @type {{ model: string, metrics: Record<string, number> }} */ { model, metrics }) =>
                `${model}, ndcg@10 ${metrics["ndcg@10"]?.toFixed(4)}`,
            )
            .join("; "),
        );
        break;
      }
      if (performance.now() - started > 600_000) throw new Error(`no model after 10 minutes: ${JSON.stringify(jobs)}`);
      await wait(1000);
    }
    const { headers, url } = server;
    await measure("RecoBase", "personal lists, computed per request", {
      url,
      method: "GET",
      path: "/v1/recommendations/for-you?user={user}&k=10",
      headers,
    });
    await measure("RecoBase", "similar items", { url, method: "GET", path: "/v1/recommendations/similar?item={item}&k=10", headers });
    const single = JSON.stringify({ user: "{user}", item: "{item}", type: "view" });
    const alone = await generate({ url, method: "POST", path: "/v1/events", body: single, headers, connections: 64, seconds });
    row(
      "RecoBase",
      "single events over HTTP, durable, per second",
      `${Math.round(alone.perSecond)} (p99 ${alone.p99} ms, ${alone.failed} failed)`,
    );
    row("RecoBase", "resident memory at the end", `${residentMiB(server.pid)} MiB`);
  } finally {
    await server.stop();
  }
}

/** @param {string} folder */
async function gorse(folder) {
  const options = { cache, folder, port: 18_087 };
  let server = await startGorse(options);
  try {
    const products = shop.items;
    const started = performance.now();
    for (let from = 0; from < items; from += 5000)
      await server.send(
        "POST",
        "items",
        batch(from, Math.min(5000, items - from), (i) => ({
          ItemId: `i${i}`,
          Categories: [products[i].properties.category],
          Labels: [products[i].properties.category, products[i].properties.brand, ...products[i].properties.tags],
          Timestamp: new Date(products[i].properties.published).toISOString(),
          IsHidden: false,
          Comment: products[i].properties.title,
        })),
      );
    row("Gorse", `writing ${items} items`, `${((performance.now() - started) / 1000).toFixed(1)} s`);
    const begun = performance.now();
    for (let from = 0; from < events; from += 1000)
      await server.send(
        "PUT",
        "feedback",
        batch(from, Math.min(1000, events - from), (i) => ({
          FeedbackType: types[log.type[i]],
          UserId: `u${log.user[i]}`,
          ItemId: `i${log.item[i]}`,
          Timestamp: new Date(log.time[i]).toISOString(),
        })),
      );
    row("Gorse", "events in batches of 1,000 over HTTP, per second", String(Math.round((events / (performance.now() - begun)) * 1000)));
    // At startup Gorse fits the data it has, and then makes its lists.
    server.stop();
    await wait(1000);
    server = await startGorse(options);
    const fitting = performance.now();
    for (let full = 0; full < 20; await wait(5000)) {
      full = 0;
      for (let i = 0; i < 20; i++) {
        const list = await fetch(`${server.url}/api/recommend/u${log.user[Math.floor(Math.random() * events)]}?n=10`).then((response) =>
          response.json(),
        );
        if (list?.length === 10) full++;
      }
      if (performance.now() - fitting > 900_000) {
        row("Gorse", "lists of 10 for 20 random users after 15 minutes", String(full));
        break;
      }
    }
    row("Gorse", "time until 20 random users have lists", `${Math.round((performance.now() - fitting) / 1000)} s`);
    const headers = { "content-type": "application/json" };
    await measure("Gorse", "precomputed lists, read per request", {
      url: server.url,
      method: "GET",
      path: "/api/recommend/{user}?n=10",
      headers,
    });
    const session = ["{item}", "{item}", "{item}"].map((ItemId) => ({ FeedbackType: "purchase", UserId: "", ItemId, Timestamp: "{now}" }));
    await measure("Gorse", "lists for a session of 3, computed per request", {
      url: server.url,
      method: "POST",
      path: "/api/session/recommend?n=10",
      body: JSON.stringify(session),
      headers,
    });
    const single = JSON.stringify([{ FeedbackType: "view", UserId: "{user}", ItemId: "{item}", Timestamp: "{now}" }]);
    const alone = await generate({
      url: server.url,
      method: "PUT",
      path: "/api/feedback",
      body: single,
      headers,
      connections: 64,
      seconds,
    });
    row("Gorse", "single events over HTTP, per second", `${Math.round(alone.perSecond)} (p99 ${alone.p99} ms, ${alone.failed} failed)`);
    row("Gorse", "resident memory at the end", `${residentMiB(server.pid)} MiB`);
  } finally {
    server.stop();
  }
}

const folder = mkdtempSync(join(tmpdir(), "recobase-bench-"));
try {
  await ours(join(folder, "ours"));
  if (!flags["without-gorse"]) await gorse(join(folder, "gorse"));
  const environment = `Node ${process.version}, ${cpus()[0].model.trim()}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB. The load generator shares the cores.`;
  const table = ["| system | task | result |", "| --- | --- | --- |", ...rows.map((cells) => `| ${cells.join(" | ")} |`)];
  writeFileSync(
    new URL("./RESULTS.md", import.meta.url),
    `# The server under load\n\nMade by \`npm run bench:server\`. ${items.toLocaleString("en")} items, ${events.toLocaleString("en")} events of the simulated shop. ${environment}\n\n${table.join("\n")}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
