import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { Change, Storage, Write } from "../store/storage.ts";
import { RecoError } from "../util/errors.ts";

/** One check that every storage must pass. `run` throws if it fails. It creates its own project and deletes it. */
export interface StorageCheck {
  /** What it proves, as the title of a test. */
  readonly name: string;
  run(storage: Storage): Promise<void>;
}

/**
 * The checks that every storage must pass. Run them with any test runner, on your own storages too.
 *
 * @example
 * ```ts
 * import { openStorage } from "recobase/store";
 * import { storageSuite } from "recobase/testing";
 *
 * const storage = await openStorage("memory");
 * for (const check of storageSuite) await check.run(storage); // with vitest: test(check.name, () => check.run(storage))
 * await storage.close();
 * ```
 */
export const storageSuite: readonly StorageCheck[] = [
  check("returns what was committed, in order, with the commit's sequence", async (storage, project) => {
    assert.equal(await storage.commit(project, 0, () => [segment("events", 1, 2, 3), document("item", "a", "{}")]), 1);
    assert.equal(await storage.commit(project, 0, () => [segment("events", 4), segment("impressions", 5), segment("events", 6)]), 2);
    assert.deepEqual(await told(storage, project), ["1 events 1,2,3", "1 item a {}", "2 events 4", "2 impressions 5", "2 events 6"]);
    assert.deepEqual(await told(storage, project, 1), ["2 events 4", "2 impressions 5", "2 events 6"]);
    assert.deepEqual(await told(storage, project, 2), []);
  }),
  check("keeps only the last version of a document, at the place where it was written", async (storage, project) => {
    await storage.commit(project, 0, () => [document("item", "a", "1"), document("user", "a", "2"), document("item", "b", "3")]);
    await storage.commit(project, 0, () => [document("item", "a", "4")]);
    assert.deepEqual((await told(storage, project)).sort(), ["1 item b 3", "1 user a 2", "2 item a 4"]);
    await storage.commit(project, 0, () => [document("item", "b", undefined), document("item", "never", undefined)]);
    const bodies = (await read(storage, project)).flatMap((change) => (change.type === "document" ? [change.body] : []));
    assert.deepEqual(bodies.filter((body) => body !== undefined).sort(), ["2", "4"]);
    await storage.commit(project, 0, () => [document("item", "b", "5")]);
    assert.ok((await told(storage, project)).includes("4 item b 5"), "a deleted document can be written again");
  }),
  check("gives concurrent commits gapless sequences, in the order of the calls", async (storage, project) => {
    const sequences = await Promise.all(
      Array.from({ length: 200 }, (_, i) => storage.commit(project, 0, () => [segment("events", i % 256, i >> 8)])),
    );
    assert.deepEqual(
      sequences,
      Array.from({ length: 200 }, (_, i) => i + 1),
    );
    assert.deepEqual(
      await told(storage, project),
      Array.from({ length: 200 }, (_, i) => `${i + 1} events ${i % 256},${i >> 8}`),
    );
  }),
  check("uses no sequence for a commit that writes nothing", async (storage, project) => {
    assert.equal(await storage.commit(project, 0, () => []), 0);
    await storage.commit(project, 0, () => [document("item", "a", "1")]);
    assert.equal(await storage.commit(project, 0, () => []), 1);
    assert.equal(await storage.commit(project, 0, () => [document("item", "a", "2")]), 2);
  }),
  check("puts a segment that replaces others in the place of the last one", async (storage, project) => {
    for (let i = 1; i <= 5; i++) await storage.commit(project, 0, () => [segment("events", i), segment("impressions", 10 * i)]);
    const sequence = await storage.commit(project, 0, () => [{ type: "replace", log: "events", sequences: [2, 3, 4], bytes: bytes(9) }]);
    assert.equal(sequence, 6);
    const events = (await told(storage, project)).filter((text) => text.includes("events"));
    assert.deepEqual(events, ["1 events 1", "4 events 9", "5 events 5"]);
    assert.deepEqual((await told(storage, project)).filter((text) => text.includes("impressions")).length, 5, "another log is left alone");
    await storage.commit(project, 0, () => [{ type: "replace", log: "events", sequences: [1, 4], bytes: undefined }]);
    await storage.commit(project, 0, () => [{ type: "replace", log: "impressions", sequences: [1, 2, 3, 4, 5], bytes: undefined }]);
    assert.deepEqual(await told(storage, project), ["5 events 5"]);
    assert.equal(await storage.commit(project, 0, () => [segment("events", 7)]), 9, "sequences are not reused");
  }),
  check("rejects a commit that replaces a missing segment, and keeps nothing of it", async (storage, project) => {
    await storage.commit(project, 0, () => [segment("events", 1)]);
    const twice = () => [document("item", "a", "1"), { type: "replace", log: "events", sequences: [1, 2], bytes: bytes(1) } as const];
    await rejects(storage.commit(project, 0, twice), "conflict");
    await rejects(
      storage.commit(project, 0, () => [{ type: "replace", log: "impressions", sequences: [1], bytes: undefined }]),
      "conflict",
    );
    assert.deepEqual(await told(storage, project), ["1 events 1"]);
    assert.equal(await storage.commit(project, 0, () => [segment("events", 2)]), 2);
  }),
  check("keeps nothing if the writes cannot be prepared, and accepts the next commit", async (storage, project) => {
    const failing = storage.commit(project, 0, () => {
      throw new RecoError("bad-input", "No.");
    });
    const next = storage.commit(project, 0, () => [segment("events", 1)]);
    await rejects(failing, "bad-input");
    assert.equal(await next, 1);
    await rejects(
      storage.commit(project, 0, () => [document("item", "a\0b", "1")]),
      "bad-input",
    );
    await rejects(
      storage.commit(project, 0, () => [document("item", "a\ud800", "1")]),
      "bad-input",
    );
    assert.deepEqual(await told(storage, project), ["1 events 1"]);
  }),
  check("takes ownership of the bytes, but copies a part of a larger buffer", async (storage, project) => {
    const whole = bytes(1, 2, 3);
    const around = bytes(7, 8, 9);
    const part = around.subarray(1, 2);
    const pooled = Buffer.from("A");
    await storage.commit(project, 0, () => [
      { type: "segment", log: "events", bytes: whole },
      { type: "segment", log: "events", bytes: part },
      { type: "segment", log: "events", bytes: pooled },
    ]);
    assert.equal(whole.length, 0);
    assert.deepEqual([...around], [7, 8, 9]);
    assert.deepEqual([...pooled], [65]);
    around.fill(0);
    pooled.fill(0);
    const [first] = await read(storage, project);
    if (first.type === "segment") first.bytes.fill(0);
    assert.deepEqual(await told(storage, project), ["1 events 1,2,3", "1 events 8", "1 events 65"], "the reader owns what it read");
  }),
  check("keeps ids exactly, and empty and large segments", async (storage, project) => {
    const large = new Uint8Array(randomBytes(5_000_000));
    const copy = large.slice();
    const keys = ["", " ", "a/b", "ü", "😀", "e\u0301", "'; --", "\u0001", "x".repeat(2000), "A", "a"];
    await storage.commit(project, 0, () => [
      { type: "segment", log: "events", bytes: large },
      segment("events"),
      ...keys.map((key) => document("item", key, JSON.stringify(key))),
    ]);
    const changes = await read(storage, project);
    const segments = changes.flatMap((change) => (change.type === "segment" ? [change.bytes] : []));
    assert.deepEqual(
      segments.map(({ length }) => length),
      [copy.length, 0],
    );
    assert.ok(Buffer.from(segments[0]).equals(copy));
    const read_ = changes.flatMap((change) => (change.type === "document" ? [[change.key, JSON.parse(String(change.body))]] : []));
    assert.deepEqual(read_.map(([key]) => key).sort(), [...keys].sort());
    for (const [key, body] of read_) assert.equal(key, body);
  }),
  check("reads one snapshot, despite commits in the meantime", async (storage, project) => {
    for (let i = 1; i <= 50; i++) await storage.commit(project, 0, () => [segment("events", i)]);
    const seen: number[] = [];
    for await (const change of storage.changes(project, 0)) {
      seen.push(change.sequence);
      if (seen.length !== 1) continue;
      const sequences = Array.from({ length: 50 }, (_, i) => i + 1);
      await storage.commit(project, 0, () => [{ type: "replace", log: "events", sequences, bytes: bytes(1) }]);
      await storage.commit(project, 0, () => [segment("events", 99)]);
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
    assert.deepEqual(await told(storage, project), ["50 events 1", "52 events 99"]);
  }),
  check("isolates projects and lists them", async (storage, project) => {
    const other = `${project}-other`;
    await storage.createProject(other);
    try {
      assert.deepEqual(
        (await storage.projects()).filter((name) => name.startsWith(project)),
        [project, other],
      );
      await rejects(storage.createProject(other), "conflict");
      await storage.commit(project, 0, () => [segment("events", 1), document("item", "a", "1")]);
      await storage.putBlob(project, "model", [bytes(1)]);
      assert.equal(await storage.commit(other, 0, () => [segment("events", 2)]), 1);
      assert.deepEqual(await told(storage, other), ["1 events 2"]);
      assert.deepEqual(await storage.blobs(other), []);
      await rejects(collect(storage.getBlob(other, "model")), "not-found");
    } finally {
      await storage.deleteProject(other);
    }
    assert.deepEqual(await told(storage, project), ["1 events 1", "1 item a 1"], "deleting one keeps the other");
  }),
  check("deletes a project with everything in it", async (storage, project) => {
    const doomed = `${project}-doomed`;
    await storage.createProject(doomed);
    await storage.commit(doomed, 0, () => [segment("events", 1), document("item", "a", "1")]);
    await storage.putBlob(doomed, "model", [bytes(1)]);
    await storage.deleteProject(doomed);
    assert.ok(!(await storage.projects()).includes(doomed));
    await rejects(
      storage.commit(doomed, 0, () => [segment("events", 1)]),
      "unknown-project",
    );
    await rejects(read(storage, doomed), "unknown-project");
    await rejects(storage.blobs(doomed), "unknown-project");
    await rejects(storage.putBlob(doomed, "model", [bytes(1)]), "unknown-project");
    await rejects(storage.deleteProject(doomed), "unknown-project");
    await storage.createProject(doomed);
    assert.deepEqual(await read(storage, doomed), []);
    assert.deepEqual(await storage.blobs(doomed), []);
    assert.equal(await storage.commit(doomed, 0, () => [segment("events", 2)]), 1);
    await storage.deleteProject(doomed);
  }),
  check("stores and replaces blobs atomically", async (storage, project) => {
    const large = new Uint8Array(randomBytes(3_500_000));
    await storage.putBlob(project, "model", pieces(large, 700_001));
    await storage.putBlob(project, "empty", []);
    await storage.putBlob(project, "reused", reusing(Buffer.from("ab")));
    assert.equal((await collect(storage.getBlob(project, "reused"))).toString(), "abba");
    await storage.deleteBlob(project, "reused");
    assert.ok((await collect(storage.getBlob(project, "model"))).equals(large));
    assert.equal((await collect(storage.getBlob(project, "empty"))).length, 0);
    assert.deepEqual(await storage.blobs(project), [
      { name: "empty", bytes: 0 },
      { name: "model", bytes: large.length },
    ]);
    await assert.rejects(storage.putBlob(project, "model", failing(large)), /torn/);
    assert.ok((await collect(storage.getBlob(project, "model"))).equals(large), "a failed replacement keeps the old one");
    await assert.rejects(storage.putBlob(project, "new", failing(large)), /torn/);
    await rejects(collect(storage.getBlob(project, "new")), "not-found");
    const reading = storage.getBlob(project, "model")[Symbol.asyncIterator]();
    const first = await reading.next();
    await storage.putBlob(project, "model", [bytes(1, 2)]);
    let length = first.value?.length ?? 0;
    for (let next = await reading.next(); !next.done; next = await reading.next()) length += next.value.length;
    assert.equal(length, large.length, "a reader in progress gets the whole old one");
    assert.deepEqual([...(await collect(storage.getBlob(project, "model")))], [1, 2]);
    await storage.deleteBlob(project, "model");
    await storage.deleteBlob(project, "model");
    await rejects(collect(storage.getBlob(project, "model")), "not-found");
  }),
  check("allows one leader at a time", async (storage, project) => {
    const release = await storage.lead(project);
    assert.ok(release);
    assert.equal(await storage.lead(project), undefined);
    const other = await storage.lead(`${project}-other`);
    assert.ok(other, "each project has its own leader");
    await other();
    await release();
    await release();
    const again = await storage.lead(project);
    assert.ok(again);
    await again();
  }),
  check("reports its size in bytes", async (storage, project) => {
    const before = await storage.size();
    await storage.commit(project, 0, () => [{ type: "segment", log: "events", bytes: new Uint8Array(randomBytes(2_000_000)) }]);
    assert.ok((await storage.size()) >= before + 1_000_000);
  }),
];

function check(name: string, run: (storage: Storage, project: string) => Promise<void>): StorageCheck {
  return {
    name,
    async run(storage) {
      const project = `suite-${randomBytes(6).toString("hex")}`;
      await storage.createProject(project);
      await run(storage, project);
      await storage.deleteProject(project);
    },
  };
}

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

function segment(log: string, ...values: number[]): Write {
  return { type: "segment", log, bytes: bytes(...values) };
}

function document(kind: string, key: string, body: string | undefined): Write {
  return { type: "document", kind, key, body };
}

async function read(storage: Storage, project: string, after = 0): Promise<Change[]> {
  const changes: Change[] = [];
  for await (const change of storage.changes(project, after)) changes.push(change);
  return changes;
}

/** The changes as short texts. */
async function told(storage: Storage, project: string, after = 0): Promise<string[]> {
  return (await read(storage, project, after)).map((change) =>
    change.type === "segment"
      ? `${change.sequence} ${change.log} ${[...change.bytes]}`
      : `${change.sequence} ${change.kind} ${change.key} ${change.body}`,
  );
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

function* pieces(whole: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}

/** Yields the same buffer twice, with different bytes. */
function* reusing(buffer: Buffer): Generator<Uint8Array> {
  yield buffer;
  buffer.reverse();
  yield buffer;
}

function* failing(whole: Uint8Array): Generator<Uint8Array> {
  yield whole;
  throw new Error("torn");
}

async function rejects(promise: Promise<unknown>, code: RecoError["code"]): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof RecoError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  });
}
