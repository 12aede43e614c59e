import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { openStorage } from "../open-storage.ts";
import type { Storage } from "../storage.ts";
import { startProcess } from "./processes.ts";

/** Bytes of a segment of such a commit: so many that writing them takes several pages. */
const LENGTH = 20_000;

/**
 * Eight writers commit without end, each commit two segments full of its number and a document with it, and say each number that was
 * acknowledged. Numbers go on where `from` says.
 */
const program = (from: number) => `
  const storage = await openStorage(location);
  if (!(await storage.projects()).includes("numbers")) await storage.createProject("numbers");
  let next = ${from};
  const writer = async () => {
    for (;;) {
      const number = next++;
      const segment = () => ({ type: "segment", log: "numbers", bytes: new Uint8Array(new Uint32Array(${LENGTH / 4}).fill(number).buffer) });
      const document = { type: "document", kind: "number", key: String(number), body: String(number) };
      await storage.commit("numbers", 0, () => [segment(), document, segment()]);
      say(String(number));
    }
  };
  await Promise.all(Array.from({ length: 8 }, writer));`;

/**
 * Lets a process commit to a storage and kills it without warning, again and again at other moments; after each time everything that was
 * acknowledged must be there, and nothing that is there may be torn.
 *
 * @returns how many commits were acknowledged
 */
export async function surviveKills(folder: string, location: string, times: number): Promise<number> {
  const acknowledged = new Set<number>();
  for (let round = 0; round < times; round++) {
    const process = startProcess(folder, location, program(round * 1_000_000));
    const first = await process.line();
    assert.ok(first !== undefined, "the process commits");
    // Not a random moment, but another each time.
    await sleep((round * 37) % 150);
    process.child.kill("SIGKILL");
    for (const line of [first, ...(await process.rest())]) acknowledged.add(Number(line));
    const storage = await openStorage(location);
    await verify(storage, acknowledged);
    await storage.close();
  }
  return acknowledged.size;
}

async function verify(storage: Storage, acknowledged: ReadonlySet<number>): Promise<void> {
  const segments = new Map<number, number[]>();
  const documents = new Map<number, number>();
  for await (const change of storage.changes("numbers", 0)) {
    const number = change.type === "segment" ? new Uint32Array(change.bytes.slice().buffer)[0] : Number(change.body);
    if (change.type === "document") {
      documents.set(number, change.sequence);
      continue;
    }
    assert.equal(change.bytes.length, LENGTH);
    assert.ok(new Uint32Array(change.bytes.slice().buffer).every((value) => value === number));
    segments.set(number, [...(segments.get(number) ?? []), change.sequence]);
  }
  const lost = [...acknowledged].filter((number) => !segments.has(number));
  assert.deepEqual(lost, [], "acknowledged and not there");
  for (const [number, sequences] of segments) assert.deepEqual(sequences, [documents.get(number), documents.get(number)], "half a commit");
  assert.equal(documents.size, segments.size);
  const order = [...documents.values()].sort((a, b) => a - b);
  assert.deepEqual(
    order,
    order.map((_, i) => i + 1),
    "sequences have no gap",
  );
}
