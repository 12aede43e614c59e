import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { compiled } from "../../../scripts/compiled.mjs";
import { openStorage } from "../open-storage.ts";
import type { Change, Storage, Write } from "../storage.ts";
import { postgres } from "../testing/postgres.ts";
import { startProcess } from "../testing/processes.ts";

/** A separate database for these tests, because they break its connections. */
const name = `replicas_${randomBytes(6).toString("hex")}`;
const url = postgres && Object.assign(new URL(postgres), { pathname: `/${name}` }).href;

const segment = (value: number): Write => ({ type: "segment", log: "events", bytes: Uint8Array.of(value) });
const document = (key: string, body: string | undefined): Write => ({ type: "document", kind: "item", key, body });

async function read(storage: Storage, project: string, after = 0): Promise<string[]> {
  const told: string[] = [];
  for await (const change of storage.changes(project, after)) told.push(tell(change));
  return told;
}

function tell(change: Change): string {
  return change.type === "segment" ? `${change.sequence} ${change.bytes}` : `${change.sequence} ${change.key} ${change.body}`;
}

/** Waits until a condition is true. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10);
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client(postgres);
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

beforeAll(() => (postgres ? onServer(`CREATE DATABASE ${name}`) : undefined));
afterAll(() => (postgres ? onServer(`DROP DATABASE ${name} WITH (FORCE)`) : undefined));

describe.runIf(url)("several storages on one PostgreSQL", () => {
  let one: Storage;
  let two: Storage;
  let project: string;
  let admin: pg.Client;
  beforeAll(async () => {
    admin = new pg.Client(url);
    await admin.connect();
  });
  afterAll(() => admin.end());
  beforeEach(async () => {
    [one, two] = await Promise.all([openStorage(url), openStorage(url)]);
    project = `replicas-${randomBytes(6).toString("hex")}`;
    await one.createProject(project);
  });
  afterEach(async () => {
    await one.deleteProject(project);
    await Promise.all([one.close(), two.close()]);
  });

  test("tell a commit what others committed, inside the lock, but not what it wrote itself", async () => {
    await one.commit(project, 0, () => [segment(1), document("a", "1")]);
    let missed: string[] = [];
    const prepare = (changes: readonly Change[]) => {
      missed = changes.map(tell);
      return [document("b", "2")];
    };
    await two.commit(project, 0, prepare);
    expect(missed).toEqual(["1 1", "1 a 1"]);
    await two.commit(project, 1, prepare);
    expect(missed, "its own commit isn't reported").toEqual([]);
    await one.commit(project, 1, prepare);
    expect(missed).toEqual(["3 b 2"]);
    await two.commit(project, 3, (changes) => {
      prepare(changes);
      return [document("a", undefined)];
    });
    expect(missed).toEqual(["4 b 2"]);
    await one.commit(project, 4, prepare);
    expect(missed, "a deletion is reported").toEqual(["5 a undefined"]);
  });

  test("commit in turn without gaps or losses, each seeing everything", async () => {
    const counter = (storage: Storage) => async () => {
      const known = new Map<string, string>();
      let after = 0;
      for (let i = 0; i < 40; i++)
        // A counter that is only correct with the lock: reads what others wrote, and adds one.
        after = await storage.commit(project, after, (missed) => {
          for (const change of missed) if (change.type === "document") known.set(change.key, String(change.body));
          const next = String(Number(known.get("counter") ?? 0) + 1);
          known.set("counter", next);
          return [document("counter", next), segment(Number(next) % 256)];
        });
    };
    await Promise.all([counter(one)(), counter(two)()]);
    const all = await read(one, project);
    expect(all.at(-1)).toBe("80 counter 80");
    expect(all.filter((text) => !text.includes("counter"))).toEqual(Array.from({ length: 80 }, (_, i) => `${i + 1} ${i + 1}`));
    expect(await read(two, project)).toEqual(all);
  });

  test("are notified of each other's commits, but not of their own", async () => {
    const heard: string[][] = [[], []];
    one.onForeignCommit?.((name) => heard[0].push(name));
    two.onForeignCommit?.((name) => heard[1].push(name));
    await one.commit(project, 0, () => [segment(1)]);
    await until(() => heard[1].includes(project));
    // A notification of the project's creation may still arrive.
    await sleep(100);
    const before = heard[1].length;
    await two.commit(project, 0, () => [segment(2)]);
    await until(() => heard[0].includes(project));
    expect(heard[1].length).toBe(before);
  });

  test("don't replace what another has replaced", async () => {
    for (let i = 1; i <= 3; i++) await one.commit(project, 0, () => [segment(i)]);
    const replace = (sequences: number[], value: number): Write => ({
      type: "replace",
      log: "events",
      sequences,
      bytes: Uint8Array.of(value),
    });
    await two.commit(project, 3, () => [replace([1, 2, 3], 7)]);
    const together = await Promise.allSettled([
      one.commit(project, 3, () => [segment(8)]),
      one.commit(project, 3, () => [replace([1, 2], 9)]),
      one.commit(project, 3, () => [segment(10)]),
    ]);
    expect(together.map((outcome) => (outcome.status === "fulfilled" ? outcome.value : outcome.reason.code))).toEqual([5, "conflict", 6]);
    expect(await read(one, project)).toEqual(["3 7", "5 8", "6 10"]);
  });

  test("have one leader, and another one when its connection ends", async () => {
    const release = await one.lead(project);
    expect(release).toBeDefined();
    expect(await two.lead(project)).toBeUndefined();
    await release?.();
    const second = await two.lead(project);
    expect(second).toBeDefined();
    expect(await one.lead(project)).toBeUndefined();
    await two.close();
    await until(async () => (await one.lead(project)) !== undefined);
    two = await openStorage(url);
  });

  test("survive broken connections: a commit in progress is rejected or stored, and the next one works", async () => {
    const heard: string[] = [];
    two.onForeignCommit?.((name) => heard.push(name));
    let last = await one.commit(project, 0, () => [segment(1)]);
    await until(() => heard.length > 0);
    for (let round = 0; round < 5; round++) {
      const commits = Promise.allSettled(Array.from({ length: 20 }, (_, i) => one.commit(project, 0, () => [segment(i)])));
      await admin.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'recobase' AND datname = current_database()",
      );
      for (const outcome of await commits)
        if (outcome.status === "fulfilled") last = Math.max(last, outcome.value);
        else expect(outcome.reason).toMatchObject({ code: "storage-failed" });
      const next = await again(() => one.commit(project, 0, () => [segment(99)]));
      expect(next).toBe(last + 1);
      last = next;
    }
    expect((await read(one, project)).map((text) => Number(text.split(" ")[0]))).toEqual(Array.from({ length: last }, (_, i) => i + 1));
    // Listeners are told to look, and get notifications again.
    await until(() => heard.length > 1);
    const before = heard.length;
    await until(async () => {
      await one.commit(project, 0, () => [segment(1)]);
      return heard.length > before;
    });
  });

  test("forget deleted documents after an hour, and say so to processes that were away for longer", async () => {
    await one.commit(project, 0, () => [document("a", "1"), document("b", "2")]);
    await one.commit(project, 0, () => [document("a", undefined)]);
    await admin.query("UPDATE recobase.documents SET deleted = deleted - interval '2 hours' WHERE key = 'a'");
    await (await openStorage(url)).close();
    expect((await admin.query("SELECT count(*) FROM recobase.documents WHERE key = 'a'")).rows[0].count).toBe("0");
    expect(await read(two, project)).toEqual(["1 b 2"]);
    await expect(read(two, project, 1)).rejects.toMatchObject({
      code: "storage-failed",
      message: expect.stringContaining("Restart it"),
    });
    expect(await read(two, project, 2)).toEqual([]);
  });

  test("open at the same time on a database without tables", async () => {
    const empty = `empty_${randomBytes(6).toString("hex")}`;
    await onServer(`CREATE DATABASE ${empty}`);
    const fresh = new URL(url);
    fresh.pathname = `/${empty}`;
    const storages = await Promise.all(Array.from({ length: 4 }, () => openStorage(fresh.href)));
    await storages[0].createProject("shop");
    expect(await storages[3].projects()).toEqual(["shop"]);
    await Promise.all(storages.map((storage) => storage.close()));
    await onServer(`DROP DATABASE ${empty} WITH (FORCE)`);
  });
});

async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++)
    try {
      return await work();
    } catch (error) {
      if (attempt === 50) throw error;
      await sleep(20);
    }
}

describe.runIf(url)("processes on one PostgreSQL", () => {
  test("commit in turn without gaps or losses, and one that is killed lets another lead", async () => {
    const rooms = await compiled(["util", "store"]);
    const storage = await openStorage(url);
    const project = `processes-${randomBytes(6).toString("hex")}`;
    await storage.createProject(project);
    const program = (value: number) => `
      const storage = await openStorage(location);
      const project = ${JSON.stringify(project)};
      if (${value} === 1) await storage.lead(project);
      say("ready");
      const sequences = await Promise.all(Array.from({ length: 300 }, (_, i) => new Promise((resolve) => setTimeout(resolve, i % 50)).then(() =>
        storage.commit(project, 0, () => [{ type: "segment", log: "events", bytes: Uint8Array.of(${value}) }]))));
      say(JSON.stringify(sequences));
      if (${value} === 1) setInterval(() => {}, 1000); else await storage.close();`;
    try {
      const processes = [1, 2].map((value) => startProcess(rooms.folder, url, program(value)));
      for (const process of processes) expect(await process.line()).toBe("ready");
      const sequences: number[][] = [];
      for (const process of processes) sequences.push(JSON.parse(String(await process.line())));
      expect(sequences.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 600 }, (_, i) => i + 1));
      const owner = new Map(sequences.flatMap((numbers, i) => numbers.map((number) => [number, i + 1] as const)));
      expect(await read(storage, project)).toEqual(Array.from({ length: 600 }, (_, i) => `${i + 1} ${owner.get(i + 1)}`));
      expect(await storage.lead(project)).toBeUndefined();
      processes[0].child.kill("SIGKILL");
      await until(async () => (await storage.lead(project)) !== undefined);
    } finally {
      rooms.remove();
      await storage.deleteProject(project);
      await storage.close();
    }
  });
});

describe("an unusable PostgreSQL", () => {
  test("is reported without the password", async () => {
    const failures = await Promise.all(
      [
        "postgres://ada:s3cret@127.0.0.1:1/shop",
        "postgres://ada:s3cret@[bad/shop",
        ...(url ? [url.replace(/:[^:@/]+@/, ":s3cret@")] : []),
      ].map((address) =>
        openStorage(address).then(
          () => undefined,
          (error) => error,
        ),
      ),
    );
    for (const failure of failures) {
      expect(["storage-failed", "bad-input"]).toContain(failure?.code);
      expect(`${failure.message} ${failure.stack} ${JSON.stringify(failure)} ${failure.cause?.stack}`).not.toContain("s3cret");
    }
  });
});
