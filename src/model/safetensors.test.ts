import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recobase-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const tensors = {
  bytes: Uint8Array.of(1, 2, 3),
  weights: Float32Array.of(1.5, -2, Number.NaN),
  times: Float64Array.of(1e300),
  signed: Int32Array.of(-1, 5),
  indices: Uint32Array.of(0xffffffff),
  nothing: new Float32Array(0),
};

async function written(name: string): Promise<string> {
  const path = join(folder, name);
  await writeSafetensors(path, { tensors, metadata: { hello: "wörld" } });
  return path;
}

test("arrays and metadata survive a round trip", async () => {
  const file = await readSafetensors(await written("a"));
  expect(file.tensors).toEqual(tensors);
  expect(file.metadata.hello).toBe("wörld");
});

test("the layout follows the format: length, header, arrays aligned to their element size", async () => {
  const bytes = await readFile(await written("b"));
  const size = Number(bytes.readBigUInt64LE());
  expect(size % 8).toBe(0);
  const header = JSON.parse(bytes.toString("utf8", 8, 8 + size));
  expect(header.weights.dtype).toBe("F32");
  expect(header.weights.shape).toEqual([3]);
  expect(header.weights.data_offsets[0] % 4).toBe(0);
  expect(header.times.data_offsets[0] % 8).toBe(0);
  expect(bytes.readFloatLE(8 + size + header.weights.data_offsets[0])).toBe(1.5);
  expect(bytes.length).toBe(8 + size + 3 + 12 + 8 + 8 + 4);
});

test("a file cut at any length is rejected as truncated", async () => {
  const path = await written("c");
  const whole = (await readFile(path)).length;
  for (const length of [0, 4, 9, 30, whole - 30, whole - 1]) {
    await writeSafetensors(path, { tensors, metadata: {} });
    await truncate(path, Math.min(length, (await readFile(path)).length - 1));
    await expect(readSafetensors(path)).rejects.toMatchObject({ code: "bad-artifact" });
  }
});

test("a single changed byte is detected", async () => {
  const path = await written("d");
  const bytes = await readFile(path);
  bytes[bytes.length - 2] ^= 1;
  await writeFile(path, bytes);
  await expect(readSafetensors(path)).rejects.toThrow("checksum");
});

test("bytes after the end are detected", async () => {
  const path = await written("e");
  await writeFile(path, Buffer.concat([await readFile(path), Buffer.alloc(5)]));
  await expect(readSafetensors(path)).rejects.toThrow("5 extra bytes at its end");
});

test.each([
  ["text", "user,item\n1,2\n1,3\n1,4\n"],
  ["an image", Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13])],
  ["nothing", ""],
  ["a header of another program", Buffer.concat([Buffer.from([8, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{"a": 1}')])],
])("a file of %s is refused by name", async (_what, content) => {
  const path = join(folder, "foreign");
  await writeFile(path, content);
  await expect(readSafetensors(path)).rejects.toMatchObject({ code: "bad-artifact", message: expect.stringContaining(path) });
});

test("a missing file and a folder are reported as such", async () => {
  await expect(readSafetensors(join(folder, "none"))).rejects.toMatchObject({ code: "not-found" });
  await expect(readSafetensors(folder)).rejects.toThrow("is a folder");
});

test("a failed write leaves only the old file", async () => {
  const path = await written("f");
  const before = await readFile(path);
  await expect(writeSafetensors(path, { tensors: { bad: "text" as never }, metadata: {} })).rejects.toThrow();
  await expect(writeSafetensors(join(folder, "no", "such", "folder"), { tensors, metadata: {} })).rejects.toThrow();
  expect(await readFile(path)).toEqual(before);
  expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});
