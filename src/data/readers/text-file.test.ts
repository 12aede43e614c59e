import { deflateRawSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { encodingOf, readText } from "./text-file.ts";

const text = "user,item\nann,grüner-tee\nben,café\n";

async function* blocksOf(bytes: Uint8Array, size = bytes.length) {
  // One buffer for all blocks, as files are read.
  const block = new Uint8Array(Math.max(1, size));
  for (let from = 0; from < bytes.length; from += size) {
    const part = bytes.subarray(from, from + size);
    block.set(part);
    yield block.subarray(0, part.length);
  }
}

async function read(bytes: Uint8Array, given?: string, size?: number) {
  const { blocks, plain, encoding } = await readText(blocksOf(bytes, size), "file", given);
  const parts: Buffer[] = [];
  for await (const block of blocks) parts.push(Buffer.from(block));
  return {
    text: Buffer.concat(parts)
      .toString("utf8")
      .replace(/^\ufeff/, ""),
    plain,
    encoding,
  };
}

const utf16 = (bigEndian: boolean, mark: boolean) => {
  const bytes = Buffer.from(`${mark ? "\ufeff" : ""}${text}`, "utf16le");
  return bigEndian ? bytes.swap16() : bytes;
};

test("UTF-8 passes unchanged, with or without a mark, in pieces of any size", async () => {
  for (const size of [1, 3, 1000]) expect(await read(Buffer.from(text), undefined, size)).toEqual({ text, plain: true });
  expect(await read(Buffer.from(`\ufeff${text}`))).toEqual({ text, plain: true });
  expect(await read(Buffer.from(""))).toEqual({ text: "", plain: true });
});

test.each([
  ["utf-16le", false],
  ["utf-16be", true],
] as const)("%s is read by its mark, and without one", async (name, bigEndian) => {
  for (const size of [1, 7, 1000])
    expect(await read(utf16(bigEndian, true), undefined, size)).toEqual({ text, plain: false, encoding: { name, by: "mark" } });
  expect(await read(utf16(bigEndian, false))).toEqual({ text, plain: false, encoding: { name, by: "guess" } });
  expect(await read(utf16(bigEndian, false), name, 5)).toEqual({ text, plain: false, encoding: { name, by: "given" } });
});

test("the mark tells the order of bytes if only UTF-16 is given", async () => {
  expect((await read(utf16(true, true), encodingOf("utf-16"))).text).toBe(text);
});

test("Windows-1252 is read as given, and guessed where nothing is UTF-8", async () => {
  const bytes = Buffer.from(text, "latin1");
  expect(await read(bytes, "latin1", 4)).toEqual({ text, plain: false, encoding: { name: "windows-1252", by: "given" } });
  expect(await read(bytes)).toEqual({ text, plain: false, encoding: { name: "windows-1252", by: "guess" } });
  // UTF-8 with one bad row is not.
  const mixed = Buffer.concat([Buffer.from(text), Buffer.from("cy,th\xe9\n", "latin1")]);
  expect((await read(mixed)).plain).toBe(true);
});

test("carriage returns alone end lines", async () => {
  const bytes = Buffer.from(text.replaceAll("\n", "\r"));
  expect(await read(bytes, undefined, 5)).toEqual({ text, plain: false });
  expect(await read(Buffer.from(text.replaceAll("\n", "\r\n")))).toMatchObject({ plain: true });
});

const zip = (name: string) => Buffer.concat([Buffer.from(`PK\x03\x04${"\0".repeat(26)}${name}`, "latin1"), deflateRawSync("x")]);

test.each<[string, Uint8Array]>([
  ["an Excel workbook (XLSX)", zip("[Content_Types].xml")],
  ["an Excel workbook (XLSX)", zip("xl/workbook.xml")],
  ["a ZIP archive", zip("orders.csv")],
  ["an Excel workbook (XLS)", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1])],
  ["an HTML page", Buffer.from("\n<!DOCTYPE html><html><body>Please log in</body></html>")],
  ["an HTML page", Buffer.from("<table><tr><td>user</td></tr></table>")],
  ["a PDF document", Buffer.from("%PDF-1.7\n")],
  ["a gzip archive", gzipSync(text)],
])("%s is told for what it is", async (what, bytes) => {
  await expect(read(bytes)).rejects.toThrow(`file is ${what}, not text.`);
});

test("Parquet passes unchanged", async () => {
  expect(await read(Buffer.from("PAR1\xff\xfe", "latin1"))).toMatchObject({ plain: true });
});

test("names of encodings are those of browsers; others are refused", () => {
  expect([encodingOf("latin1"), encodingOf("CP1252"), encodingOf("utf8")]).toEqual(["windows-1252", "windows-1252", "utf-8"]);
  expect(() => encodingOf("klingon")).toThrow(/Unknown encoding: "klingon".*windows-1252/);
});

test("what it reads from is closed after an error, and when it is left before the first block", async () => {
  const source = (bytes: Uint8Array) => {
    const state = { closed: false };
    async function* blocks() {
      try {
        yield bytes;
        yield bytes;
      } finally {
        state.closed = true;
      }
    }
    return { state, blocks: blocks() };
  };
  const broken = source(Buffer.from("%PDF-1.7\n"));
  await expect(readText(broken.blocks, "file")).rejects.toThrow();
  expect(broken.state.closed).toBe(true);
  const unknown = source(Buffer.from("a,b\n"));
  await expect(readText(unknown.blocks, "file", "klingon")).rejects.toThrow();
  expect(unknown.state.closed).toBe(true);
  for (const bytes of [Buffer.from("a,b\n"), Buffer.from("\ufeffa,b\n", "utf16le"), Buffer.from("a,b\rc,d\r")]) {
    const left = source(bytes);
    await (await readText(left.blocks, "file")).blocks.return?.();
    expect(left.state.closed).toBe(true);
  }
});
