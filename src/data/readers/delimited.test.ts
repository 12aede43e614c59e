import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DelimitedScanner } from "./delimited.ts";

interface Scanned {
  rows: string[][];
  lines: number[];
  broken: { line: number; reason: string }[];
}

async function scan(input: string | Uint8Array, delimiter: string, chunk = 1 << 16): Promise<Scanned> {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  const scanned: Scanned = { rows: [], lines: [], broken: [] };
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const scanner = new DelimitedScanner(delimiter, {
    row(block, starts, ends, fields, line) {
      scanned.rows.push(Array.from({ length: fields }, (_, f) => decoder.decode(block.subarray(starts[f], ends[f]))));
      scanned.lines.push(line);
    },
    broken(line, reason) {
      scanned.broken.push({ line, reason });
    },
  });
  await scanner.scan(
    (async function* () {
      for (let at = 0; at < bytes.length; at += chunk) yield bytes.slice(at, at + chunk);
    })(),
  );
  return scanned;
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

describe("DelimitedScanner", () => {
  it("reads back what was written, including quotes, delimiters and line feeds in fields, however the bytes are cut", async () => {
    const field = fc.string({ unit: fc.constantFrom("a", "é", "日", ",", '"', "\n", "\r", "\t", " "), maxLength: 8 });
    const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(",", "\t", ";"),
        fc.constantFrom("\n", "\r\n"),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        async (rows, delimiter, newline, chunk, ends) => {
          const text = rows.map((row) => row.map(quoted).join(delimiter)).join(newline) + (ends ? newline : "");
          expect(await scan(text, delimiter, chunk)).toMatchObject({ rows, broken: [] });
        },
      ),
    );
  });

  it("splits at delimiters of several characters, where half a delimiter is text", async () => {
    const field = fc.string({ unit: fc.constantFrom("a", "é", '"', ","), maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(field, field, field), { maxLength: 6 }), fc.integer({ min: 1, max: 20 }), async (rows, chunk) => {
        expect((await scan(rows.map((row) => `${row.join("::")}\n`).join(""), "::", chunk)).rows).toEqual(rows);
      }),
    );
    expect((await scan("a:b::c\n:::d\n", "::")).rows).toEqual([
      ["a:b", "c"],
      ["", ":d"],
    ]);
  });

  it("skips a byte-order mark, carriage returns and blank lines, but counts the lines", async () => {
    for (const chunk of [1, 2, 3, 100])
      expect(await scan("\ufeffa,b\r\n\r\n\nc,d\r\n\n", ",", chunk)).toEqual({
        rows: [
          ["a", "b"],
          ["c", "d"],
        ],
        lines: [1, 4],
        broken: [],
      });
  });

  it("counts the lines inside quotes", async () => {
    expect(await scan('a,"x\ny\nz"\nb,c\n', ",")).toMatchObject({ lines: [1, 4] });
  });

  it("reads a last row without a line feed, and a file shorter than a byte-order mark", async () => {
    expect((await scan("a,b\nc,", ",")).rows).toEqual([
      ["a", "b"],
      ["c", ""],
    ]);
    expect((await scan("x", ",")).rows).toEqual([["x"]]);
    expect((await scan("", ",")).rows).toEqual([]);
  });

  it("reports the line of a quote that is not closed, or closed too early, and continues with the next line", async () => {
    for (const chunk of [1, 7, 100]) {
      const scanned = await scan('a,b\nc,"never closed\nd,e\nf,"g"h\ni,"j""k"\n', ",", chunk);
      expect(scanned.broken.map(({ line }) => line)).toEqual([2, 4]);
      expect(scanned.rows).toEqual([
        ["a", "b"],
        ["d", "e"],
        ["i", 'j"k'],
      ]);
      expect(scanned.lines).toEqual([1, 3, 5]);
    }
  });

  it("treats a quote inside a field, or in a file split by spaces, as text", async () => {
    expect((await scan('a"b,c"\n', ",")).rows).toEqual([['a"b', 'c"']]);
    expect((await scan('"a b\n', " ")).rows).toEqual([['"a', "b"]]);
  });

  it("finds rows of thousands of fields", async () => {
    const row = Array.from({ length: 5000 }, (_, i) => String(i));
    expect((await scan(`${row.join(" ")}\n`, " ", 1000)).rows).toEqual([row]);
  });
});
