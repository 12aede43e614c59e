// @ts-check
// Tests the built server under operating conditions: killed, stopped, on a full and a read-only disk, and as two replicas sharing a PostgreSQL (if
// RECOBASE_TEST_POSTGRES is set). Fails if an acknowledged event is lost or counted twice, or if reads fail while only writes may.
import { execSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

process.chdir(new URL("..", import.meta.url).pathname);
const main = resolve(process.env.DIST ?? "dist/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "recobase-server-"));
/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/** @typedef {{ child: import("node:child_process").ChildProcess, url: string, key: string | undefined }} Server */

/** @param {string} store @returns {Promise<Server>} */
async function start(store) {
  const child = spawn(process.execPath, [main, "serve", "--port", "0", "--store", store, "--log", "silent"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  let output = "";
  for await (const chunk of child.stdout ?? []) {
    output += chunk;
    if (output.includes("Ctrl-C")) break;
  }
  const url = /http:\/\/[\d.]+:\d+/.exec(output)?.[0];
  if (url === undefined) throw new Error(`The server did not start:\n${output}`);
  return { child, url, key: /rb_admin_\S+/.exec(output)?.[0] };
}

/** @param {Server} server @param {NodeJS.Signals} signal @returns {Promise<number | null>} */
function end({ child }, signal) {
  return new Promise((done) => {
    child.once("exit", (code) => done(code));
    child.kill(signal);
  });
}

/** @param {Server} server @param {string} key @param {string} method @param {string} path @param {unknown} [body] */
async function ask({ url }, key, method, path, body) {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json().catch(() => undefined) };
}

/** @param {unknown} condition @param {string} what */
function must(condition, what) {
  if (!condition) throw new Error(what);
  console.log(`ok    ${what}`);
}

/**
 * Starts writers that send events, singly and in batches, until stopped. Collects the acknowledged events.
 *
 * @param {(writer: number) => Server} serverOf
 * @param {string} key
 * @param {string} name
 */
function writers(serverOf, key, name) {
  /** @type {object[]} */
  const acknowledged = [];
  let stop = false;
  let refused = 0;
  const loops = Array.from({ length: 12 }, async (_, writer) => {
    for (let turn = 0; !stop; turn++) {
      const batch = Array.from({ length: writer < 8 ? 1 : 50 }, (_, i) => ({
        user: `${name}-${writer}`,
        item: `item-${(turn * 7 + i) % 100}`,
        type: "view",
        key: `${name}-${writer}-${turn}-${i}`,
      }));
      try {
        const { status, body } = await ask(serverOf(writer), key, "POST", "/v1/events", batch);
        if (status !== 200) refused++;
        else if (body.accepted + body.duplicates === batch.length) acknowledged.push(...batch);
      } catch {
        // The server is down. Events that it did not acknowledge may be stored or not.
        refused++;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  });
  return {
    acknowledged,
    refused: () => refused,
    async stop() {
      stop = true;
      await Promise.all(loops);
      return acknowledged;
    },
  };
}

/** Sends all acknowledged events again: none may be new. @param {Server} server @param {string} key @param {object[]} events @param {string} when */
async function allThereOnce(server, key, events, when) {
  let fresh = 0;
  for (let from = 0; from < events.length; from += 5000) {
    const { status, body } = await ask(server, key, "POST", "/v1/events", events.slice(from, from + 5000));
    if (status !== 200) throw new Error(`${when}: sending the events again failed with ${status} ${JSON.stringify(body)}`);
    fresh += body.accepted;
  }
  must(events.length > 0 && fresh === 0, `${when}: all ${events.length} acknowledged events are stored once`);
}

const seconds = (/** @type {number} */ count) => new Promise((resolve) => setTimeout(resolve, count * 1000));

async function killed() {
  const store = join(folder, "killed.db");
  const first = await start(store);
  const { key } = first;
  if (key === undefined) throw new Error("The first start did not print a key.");
  let server = first;
  const load = writers(() => server, key, "kill");
  for (let round = 0; round < 4; round++) {
    await seconds(0.5 + Math.random());
    await end(server, "SIGKILL");
    server = await start(store);
    if (server.key !== undefined) throw new Error("A later start printed a key.");
  }
  await seconds(0.3);
  const events = await load.stop();
  await allThereOnce(server, key, events, "after being killed four times under load");
  const list = await ask(server, key, "GET", "/v1/recommendations/for-you?user=stranger&k=5");
  must(list.status === 200 && list.body.items.length === 5, "it still recommends");
  const more = writers(() => server, key, "term");
  await seconds(0.5);
  const code = await end(server, "SIGTERM");
  const later = await more.stop();
  must(code === 0, "SIGTERM under load: it exits with code 0");
  server = await start(store);
  await allThereOnce(server, key, later, "after SIGTERM");
  await end(server, "SIGTERM");
}

async function starved() {
  const mount = join(folder, "small");
  try {
    execSync(`mkdir ${mount} && mount -t tmpfs -o size=6m tmpfs ${mount}`, { stdio: "pipe" });
  } catch {
    console.log("skipped: full and read-only disks (cannot mount a small disk here)");
    return;
  }
  try {
    const store = join(mount, "store.db");
    let server = await start(store);
    const { key = "" } = server;
    const load = writers(() => server, key, "full");
    for (let waited = 0; load.refused() === 0 && waited < 300; waited++) await seconds(0.1);
    const events = [...(await load.stop())];
    const refusal = await fill(server, key);
    must(refusal.status === 503 && refusal.body.code === "storage-failed", `on a full disk, writes are rejected: ${refusal.body.detail}`);
    const list = await ask(server, key, "GET", "/v1/recommendations/for-you?user=stranger&k=5");
    must(list.status === 200 && list.body.items.length === 5, "and reads go on");
    execSync(`mount -o remount,size=64m ${mount}`);
    const again = await ask(server, key, "POST", "/v1/events", { user: "u", item: "i", type: "view" });
    must(again.status === 200, "with free space again, it accepts events");
    await allThereOnce(server, key, events, "after the full disk");

    // A disk can't become read-only while files are open for writing, so stop the server first.
    await end(server, "SIGTERM");
    execSync(`mount -o remount,ro ${mount}`);
    server = await start(store);
    const readOnly = await ask(server, key, "POST", "/v1/events", { user: "u", item: "i", type: "view" });
    must(
      readOnly.status === 503 && readOnly.body.code === "storage-failed",
      `on a read-only disk, writes are rejected: ${readOnly.body.detail}`,
    );
    const still = await ask(server, key, "GET", "/v1/recommendations/for-you?user=stranger&k=5");
    must(still.status === 200 && still.body.items.length === 5, "and reads go on");
    execSync(`mount -o remount,rw ${mount}`);
    await end(server, "SIGKILL");
    server = await start(store);
    await allThereOnce(server, key, events, "after another kill");
    await end(server, "SIGTERM");
  } finally {
    for (const child of running) child.kill("SIGKILL");
    await seconds(0.2);
    execSync(`umount -l ${mount}`);
  }
}

/** Sends large events until one is rejected. @param {Server} server @param {string} key */
async function fill(server, key) {
  for (let turn = 0; turn < 2000; turn++) {
    const context = { note: "x".repeat(200) };
    const batch = Array.from({ length: 500 }, (_, i) => ({ user: `filler-${turn}`, item: `item-${i % 100}`, type: "view", context }));
    const answer = await ask(server, key, "POST", "/v1/events", batch);
    if (answer.status !== 200) return answer;
  }
  throw new Error("The small disk did not fill up.");
}

async function replicated() {
  const address = process.env.RECOBASE_TEST_POSTGRES;
  if (address === undefined) {
    console.log("skipped: replicas (RECOBASE_TEST_POSTGRES is not set)");
    return;
  }
  const left = await start(address);
  let right = await start(address);
  const key = left.key ?? right.key;
  if (key === undefined) throw new Error("Neither replica printed a key.");
  if (left.key !== undefined && right.key !== undefined) throw new Error("Both replicas printed a key.");
  for (const [from, to] of [
    [left, right],
    [right, left],
  ]) {
    const user = `visitor-${from.url}`;
    await ask(from, key, "POST", "/v1/events", { user, item: "item-seen", type: "view" });
    const list = await ask(to, key, "GET", `/v1/recommendations/recently-viewed?user=${encodeURIComponent(user)}&k=3`);
    must(list.body.items?.[0]?.item === "item-seen", "an event sent to one replica is in the other's next answer");
  }
  const load = writers((writer) => (writer % 2 === 0 ? left : right), key, "replica");
  await seconds(1);
  await end(right, "SIGKILL");
  await seconds(1);
  right = await start(address);
  await seconds(0.5);
  const events = await load.stop();
  await allThereOnce(left, key, events, "after killing one of two replicas under load");
  await allThereOnce(right, key, events, "seen from the restarted replica");
  await Promise.all([end(left, "SIGTERM"), end(right, "SIGTERM")]);
}

try {
  await killed();
  await starved();
  await replicated();
} finally {
  for (const child of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}
