import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compiled } from "../../../scripts/compiled.mjs";
import { openStorage } from "../open-storage.ts";
import type { Storage, Write } from "../storage.ts";
import { startProcess } from "../testing/processes.ts";

const segment = (value: number): Write => ({ type: "segment", log: "events", bytes: new Uint8Array(50_000).fill(value) });

async function read(storage: Storage): Promise<number[]> {
  const sequences: number[] = [];
  for await (const change of storage.changes("shop", 0)) {
    if (change.type === "segment") expect(change.bytes.every((byte) => byte === change.bytes[0])).toBe(true);
    sequences.push(change.sequence);
  }
  return sequences;
}

const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);

function shell(command: string): void {
  execFileSync("sh", ["-c", command], { stdio: "ignore" });
}

/** A small separate disk, if this user may mount one. */
function mounted(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "recobase-disk-"));
  try {
    shell(`mount -t tmpfs -o size=3m tmpfs ${folder}`);
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}

const remount = (disk: string, options: string) => shell(`mount -o remount,${options} ${disk}`);

/** A test on a small disk, if one can be mounted. */
function testOnDisk(name: string, run: (disk: string) => Promise<void>): void {
  const disk = mounted();
  test.runIf(disk)(name, async () => {
    if (disk !== undefined) await run(disk);
  });
  afterAll(() => {
    if (disk === undefined) return;
    // On Node 20, files stay open until the statements that read them are garbage-collected, so unmount lazily.
    shell(`umount -l ${disk}`);
    rmSync(disk, { recursive: true });
  });
}

let folder: string;
let rooms: Awaited<ReturnType<typeof compiled>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "recobase-limit-"));
  rooms = await compiled(["util", "store"]);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  rooms.remove();
});

describe("a 3 MB disk", () => {
  testOnDisk("that is full rejects writes with a clear error, still reads, and accepts writes once there is room", async (disk) => {
    const storage = await openStorage(join(disk, "full.db"));
    await storage.createProject("shop");
    let last = 0;
    for (; last < 1000; last++) {
      const outcome = await storage.commit("shop", 0, () => [segment(last)]).catch((error) => error);
      if (typeof outcome === "number") continue;
      expect(outcome).toMatchObject({ code: "storage-failed", message: expect.stringMatching(/full.*Free up space/) });
      break;
    }
    expect(last).toBeGreaterThan(10);
    expect(last).toBeLessThan(1000);
    expect(await read(storage)).toEqual(upTo(last));
    // Commits made together: those after the failed one may depend on it, so they fail too.
    const together = await Promise.allSettled([1, 2, 3].map((value) => storage.commit("shop", 0, () => [segment(value)])));
    expect(together.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    await expect(storage.putBlob("shop", "model", [new Uint8Array(5 << 20)])).rejects.toMatchObject({ code: "storage-failed" });
    expect(await storage.blobs("shop")).toEqual([]);
    await expect(storage.backup?.(join(disk, "copy.db"))).rejects.toMatchObject({ code: "storage-failed" });
    expect(readdirSync(disk).some((name) => name.startsWith("copy"))).toBe(false);
    remount(disk, "size=20m");
    expect(await storage.commit("shop", 0, () => [segment(9)])).toBe(last + 1);
    await storage.putBlob("shop", "model", [new Uint8Array(1 << 20)]);
    await storage.close();
    const again = await openStorage(join(disk, "full.db"));
    expect(await read(again)).toEqual(upTo(last + 1));
    await again.close();
  });

  testOnDisk("that others filled accepts a deletion once the log can be written again", async (disk) => {
    const storage = await openStorage(join(disk, "others.db"));
    await storage.createProject("shop");
    for (let i = 0; i < 10; i++) await storage.commit("shop", 0, () => [segment(i)]);
    const filler = join(disk, "filler");
    try {
      writeFileSync(filler, new Uint8Array(3 << 20));
    } catch {
      // Full, as intended.
    }
    let refused = 0;
    for (let i = 0; i < 60 && refused === 0; i++)
      await storage
        .commit("shop", 0, () => [segment(i)])
        .catch((error) => {
          expect(error).toMatchObject({ code: "storage-failed" });
          refused++;
        });
    expect(refused).toBe(1);
    rmSync(filler);
    const last = await storage.commit("shop", 0, () => [{ type: "replace", log: "events", sequences: [1, 2], bytes: undefined }]);
    expect(await read(storage)).toEqual(upTo(last - 1).slice(2));
    await storage.close();
  });

  testOnDisk("that is read-only can be read, and refuses writes with the reason", async (disk) => {
    const path = join(disk, "readonly.db");
    const other = startProcess(
      rooms.folder,
      path,
      `const storage = await openStorage(location);
      await storage.createProject("shop");
      await storage.commit("shop", 0, () => [{ type: "segment", log: "events", bytes: new Uint8Array(50_000).fill(7) }]);
      for await (const _ of storage.changes("shop", 0));
      await storage.close();`,
    );
    await other.rest();
    // A closed store is one file, and the lock.
    expect(readdirSync(disk).filter((name) => name.startsWith("readonly"))).toEqual(["readonly.db", "readonly.db-lock"]);
    remount(disk, "ro");
    const storage = await openStorage(path);
    expect(await storage.projects()).toEqual(["shop"]);
    expect(await read(storage)).toEqual([1]);
    await expect(storage.commit("shop", 0, () => [segment(2)])).rejects.toMatchObject({
      code: "storage-failed",
      message: expect.stringContaining("read-only"),
    });
    await storage.backup?.(join(folder, "of-read-only.db"));
    await storage.close();
    await expect(openStorage(join(disk, "new.db"))).rejects.toMatchObject({ code: "storage-failed" });
    remount(disk, "rw");
    const again = await openStorage(path);
    expect(await read(again)).toEqual([1]);
    expect(await again.commit("shop", 0, () => [segment(2)])).toBe(2);
    await again.close();
    const copy = await openStorage(join(folder, "of-read-only.db"));
    expect(await read(copy)).toEqual([1]);
    await copy.close();
  });
});

describe.runIf(process.platform === "linux")("a file size limit", () => {
  test("is a failure like any other: the write is rejected, nothing is torn, and it is over once the limit is lifted", async () => {
    const program = `
      const { execFileSync } = await import("node:child_process");
      const storage = await openStorage(location);
      await storage.createProject("shop");
      const commit = () => storage.commit("shop", 0, () => [{ type: "segment", log: "events", bytes: new Uint8Array(50_000).fill(7) }]);
      let last = 0;
      try { for (;;) last = await commit(); } catch (error) { say(error.code); say(error.message); }
      let count = 0;
      for await (const change of storage.changes("shop", 0)) count += change.bytes.every((byte) => byte === 7);
      say(String(count - last));
      execFileSync("prlimit", ["--pid", String(process.pid), "--fsize=unlimited:"]);
      say(String((await commit()) - last));
      await storage.close();`;
    // 512-byte blocks in some shells, kilobytes in others.
    const child = startProcess(rooms.folder, join(folder, "limit.db"), program, ["bash", "-c", 'ulimit -S -f 1500; exec "$@"', "bash"]);
    const [code, message, missing, next] = await child.rest();
    expect({ code, missing, next }).toEqual({ code: "storage-failed", missing: "0", next: "1" });
    expect(message).toMatch(/Disk error.*quota/);
  });
});
