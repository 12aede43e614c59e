import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compiled } from "../../../scripts/compiled.mjs";
import { openStorage } from "../open-storage.ts";
import type { Storage, Write } from "../storage.ts";
import { startProcess } from "../testing/processes.ts";
import { sqliteDriver } from "./database.ts";

let folder: string;
let rooms: Awaited<ReturnType<typeof compiled>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "recobase-file-"));
  rooms = await compiled(["util", "store"]);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  rooms.remove();
});

const document = (key: string, body: string | undefined): Write => ({ type: "document", kind: "user", key, body });
const segment = (bytes: Uint8Array): Write => ({ type: "segment", log: "events", bytes: bytes.slice() });

async function documents(storage: Storage): Promise<string[]> {
  const keys: string[] = [];
  for await (const change of storage.changes("shop", 0)) if (change.type === "document") keys.push(change.key);
  return keys;
}

/** A closed storage with the project `shop` and one document. */
async function filled(name: string): Promise<string> {
  const path = join(folder, name);
  const storage = await openStorage(path);
  await storage.createProject("shop");
  await storage.commit("shop", 0, () => [document("ada", '"hello"')]);
  await storage.close();
  return path;
}

/** The encryption keys of the values, as stored in the file. */
async function cipherKeys(path: string): Promise<Set<string>> {
  const db = (await sqliteDriver()).open(path, { readOnly: true });
  const rows = db.prepare("SELECT key FROM keys").all();
  db.close();
  return new Set(rows.map(({ key }) => Buffer.from(key as Uint8Array).toString("latin1")).filter((key) => key !== "\0".repeat(16)));
}

describe("a file", () => {
  test("keeps everything when it is closed and reopened; a missing folder is created", async () => {
    const path = await filled("new/folder/shop.db");
    const storage = await openStorage(path);
    expect(await storage.projects()).toEqual(["shop"]);
    expect(await documents(storage)).toEqual(["ada"]);
    expect(await storage.commit("shop", 0, () => [document("eve", "1")])).toBe(2);
    await storage.close();
  });

  test("can be open only once at a time, under any of its names", async () => {
    const path = await filled("one.db");
    const storage = await openStorage(path);
    await expect(openStorage(path)).rejects.toMatchObject({ code: "in-use" });
    symlinkSync(path, join(folder, "link.db"));
    await expect(openStorage(join(folder, "link.db"))).rejects.toMatchObject({ code: "in-use" });
    expect(await storage.commit("shop", 0, () => [document("eve", "1")])).toBe(2);
    await storage.close();
    await (await openStorage(path)).close();
  });

  test("can be open in only one process at a time, and is free once that process is killed", async () => {
    const path = await filled("process.db");
    const other = startProcess(rooms.folder, path, 'await openStorage(location); say("open"); setInterval(() => {}, 1000);');
    expect(await other.line()).toBe("open");
    await expect(openStorage(path)).rejects.toMatchObject({ code: "in-use", message: expect.stringContaining("PostgreSQL") });
    other.child.kill("SIGKILL");
    await other.rest();
    const storage = await openStorage(path);
    expect(await documents(storage)).toEqual(["ada"]);
    await storage.close();
  });

  test("of another program is left unchanged, without new files next to it", async () => {
    const own = join(folder, "foreign");
    mkdirSync(own);
    const driver = await sqliteDriver();
    const db = driver.open(join(own, "other.db"));
    db.exec("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine')");
    db.close();
    writeFileSync(join(own, "text.db"), "this is no database ".repeat(100));
    writeFileSync(join(own, "short.db"), "x");
    for (const name of ["other.db", "text.db", "short.db"]) {
      const before = readFileSync(join(own, name));
      await expect(openStorage(join(own, name))).rejects.toMatchObject({ code: "bad-data" });
      expect(readFileSync(join(own, name)).equals(before)).toBe(true);
    }
    expect(readdirSync(own).sort()).toEqual(["other.db", "short.db", "text.db"]);
  });

  test("with a newer format is reported and left unchanged", async () => {
    const path = await filled("newer.db");
    const driver = await sqliteDriver();
    const db = driver.open(path);
    db.exec("PRAGMA user_version = 7");
    db.close();
    await expect(openStorage(path)).rejects.toMatchObject({ code: "unsupported", message: expect.stringContaining("Update recobase") });
  });

  test("that is truncated is reported and left unchanged", async () => {
    const path = await filled("cut.db");
    truncateSync(path, 40_000);
    const before = readFileSync(path);
    await expect(openStorage(path)).rejects.toMatchObject({ code: "bad-data", message: expect.stringContaining("backup") });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("whose path can't be a file is reported", async () => {
    writeFileSync(join(folder, "plain"), "");
    await expect(openStorage(join(folder, "plain", "shop.db"))).rejects.toMatchObject({ code: "storage-failed" });
    await expect(openStorage(folder)).rejects.toMatchObject({ code: "storage-failed" });
  });

  test("can't be used after it was closed", async () => {
    const storage = await openStorage(await filled("closed.db"));
    const last = storage.commit("shop", 0, () => [document("eve", "1")]);
    await storage.close();
    await storage.close();
    expect(await last).toBe(2);
    await expect(storage.projects()).rejects.toMatchObject({ code: "storage-failed" });
    await expect(storage.commit("shop", 0, () => [document("bob", "1")])).rejects.toMatchObject({ code: "storage-failed" });
  });

  test("removes a blob that a process was writing when it was killed", async () => {
    const path = await filled("blob.db");
    const program = `
      const storage = await openStorage(location);
      await storage.putBlob("shop", "model", (async function* () {
        for (let i = 0; i < 20; i++) yield new Uint8Array(1 << 20);
        say("half");
        await new Promise(() => setInterval(() => {}, 1000));
      })());`;
    const other = startProcess(rooms.folder, path, program);
    expect(await other.line()).toBe("half");
    other.child.kill("SIGKILL");
    await other.rest();
    const storage = await openStorage(path);
    expect(await storage.blobs("shop")).toEqual([]);
    const before = await storage.size();
    await storage.putBlob("shop", "model", [new Uint8Array(10 << 20)]);
    expect(await storage.size(), "the space is reused").toBeLessThan(before + (10 << 20));
    await storage.close();
  });
});

describe("a backup", () => {
  test("contains one state, taken while others write, and is itself a storage", async () => {
    const storage = await openStorage(await filled("busy.db"));
    for (let i = 0; i < 50; i++) await storage.commit("shop", 0, () => [segment(randomBytes(100_000))]);
    const target = join(folder, "backup.db");
    let done = false;
    const backup = Promise.resolve(storage.backup?.(target)).finally(() => {
      done = true;
    });
    let commits = 51;
    while (!done) commits = await storage.commit("shop", 0, () => [segment(randomBytes(1000)), document(`user ${commits}`, "1")]);
    await backup;
    expect(commits, "writes continued").toBeGreaterThan(52);
    await storage.close();
    const copy = await openStorage(target);
    const sequences: number[] = [];
    let users = 0;
    for await (const change of copy.changes("shop", 0)) {
      if (change.type === "segment") sequences.push(change.sequence);
      else users++;
    }
    expect(sequences).toEqual(sequences.map((_, i) => i + 2));
    expect(sequences.length).toBeGreaterThanOrEqual(50);
    expect(users, "segments and documents of the same commits").toBe(sequences.length - 50 + 1);
    await copy.close();
  });

  test("overwrites nothing, and leaves nothing behind if it fails", async () => {
    const storage = await openStorage(await filled("kept.db"));
    const target = join(folder, "there.db");
    writeFileSync(target, "precious");
    await expect(storage.backup?.(target)).rejects.toMatchObject({ code: "conflict" });
    expect(readFileSync(target, "utf8")).toBe("precious");
    await expect(storage.backup?.(join(folder, "nowhere", "x.db"))).rejects.toMatchObject({ code: "storage-failed" });
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    await storage.close();
  });
});

describe("deleted data", () => {
  test("is nowhere in the files, even if pages were split and merged around it", async () => {
    const path = join(folder, "traces.db");
    const storage = await openStorage(path);
    await storage.createProject("shop");
    const name = () => randomBytes(9).toString("hex");
    const keys = Array.from({ length: 1400 }, name);
    const pad = () => "x".repeat(Math.random() * 900);
    for (let i = 0; i < keys.length; i += 50)
      await storage.commit("shop", 0, () => [
        ...keys.slice(i, i + 50).map((key) => document(key, JSON.stringify([key, pad()]))),
        segment(Buffer.from(keys.slice(i, i + 50).join())),
      ]);
    for (let i = 0; i < keys.length; i += 100)
      await storage.commit("shop", 0, () => keys.slice(i, i + 50).map((key) => document(key, JSON.stringify([key, pad(), pad()]))));
    await storage.putBlob("shop", "model", [Buffer.from(keys.join())]);
    const before = await cipherKeys(path);
    const gone = keys.filter((_, i) => i % 7 === 0);
    for (let i = 0; i < gone.length; i += 20)
      await storage.commit("shop", 0, () => gone.slice(i, i + 20).map((key) => document(key, undefined)));
    const sequences = Array.from({ length: keys.length / 50 }, (_, i) => i + 1);
    const kept = keys.filter((key) => !gone.includes(key));
    await storage.commit("shop", 0, () => [{ type: "replace", log: "events", sequences, bytes: new Uint8Array(Buffer.from(kept.join())) }]);
    await storage.deleteBlob("shop", "model");
    expect((await documents(storage)).sort()).toEqual(kept.sort());
    const after = await cipherKeys(path);
    const overwritten = [...before].filter((key) => !after.has(key));
    expect(overwritten.length, "documents, segments and the blob").toBe(gone.length + sequences.length + 1);
    for (const file of [path, `${path}-wal`]) {
      const bytes = readFileSync(file).toString("latin1");
      expect(
        keys.filter((key) => bytes.includes(key)),
        "plain text",
      ).toEqual([]);
      expect(
        overwritten.filter((key) => bytes.includes(key)),
        "keys of deleted data",
      ).toEqual([]);
    }
    await storage.close();
  });

  test("makes room for new data", async () => {
    const path = join(folder, "room.db");
    const storage = await openStorage(path);
    await storage.createProject("shop");
    let size = 0;
    for (let round = 0; round < 6; round++) {
      const sequences: number[] = [];
      for (let i = 0; i < 20; i++) sequences.push(await storage.commit("shop", 0, () => [segment(randomBytes(200_000))]));
      await storage.commit("shop", 0, () => [{ type: "replace", log: "events", sequences, bytes: undefined }]);
      if (round === 0) size = await storage.size();
    }
    expect(await storage.size()).toBeLessThan(1.2 * size);
    await storage.close();
  });
});
