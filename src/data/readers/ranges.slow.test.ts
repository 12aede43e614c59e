import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BadRows } from "./bad-rows.ts";
import { type Collected, Collector } from "./collector.ts";
import type { Role } from "./columns.ts";
import { cutIntoRanges, readRange } from "./ranges.ts";
import { type ScanPlan, scanRows } from "./scan-rows.ts";

let path: string;
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), "recobase-ranges-")), "data.csv");
});
afterAll(() => rm(join(path, ".."), { recursive: true }));

function planOf(width: number, columns: Partial<Record<Role, number>>, delimiter = ","): ScanPlan {
  const choices = Object.fromEntries(Object.entries(columns).map(([role, index]) => [role, { name: role, index, by: "given" }]));
  return { name: path, delimiter, width, choices };
}

/** The result of the careful reader, and whether it found bad rows. */
async function carefully(text: Uint8Array, plan: ScanPlan): Promise<{ collected: Collected; bad: number }> {
  const collector = new Collector(new BadRows());
  collector.choices = plan.choices;
  const blocks = async function* () {
    yield text;
  };
  await scanRows(blocks(), plan, { skip: 0 }, collector);
  return { collected: collector.finish(), bad: collector.bad.count };
}

/** The result of the fast reader on the same text, cut into ranges; undefined if it says that the text is not clean. */
async function inRanges(text: Uint8Array, plan: ScanPlan, count: number): Promise<Collected | undefined> {
  await writeFile(path, text);
  const collector = new Collector(new BadRows());
  collector.choices = plan.choices;
  const parts = [];
  for (const range of await cutIntoRanges(path, text.length, count)) parts.push(await readRange({ plan, range, skip: 0, rows: 0 }));
  const clean = parts.filter((part) => part !== undefined);
  if (clean.length < parts.length || !collector.accepts(clean)) return undefined;
  for (const part of clean) collector.absorb(part);
  return collector.finish();
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe("readRange", () => {
  // Blanks around an id are left to the careful reader.
  const id = fc
    .string({ unit: fc.constantFrom("a", "b", "7", "0", "é", " ", "\0"), minLength: 1, maxLength: 26 })
    .filter((text) => text === text.trim());
  const weight = fc.oneof(
    fc.integer().map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.constantFrom("3.5", "+.5", "5.", "-0"),
  );
  const number = fc.oneof(fc.nat().map(String), fc.constant(""), fc.constant("1396437466.94"));
  const day = fc.integer({ min: 1, max: 31 }).map((n) => String(n).padStart(2, "0"));
  const date = fc.oneof(
    day.map((n) => `2020-01-${n}`),
    day.map((n) => `2020-03-${n} 23:59:59`),
    day.map((n) => `1999-12-${n}T00:01:02Z`),
    day.map((n) => `2020-05-${n}T00:01:02.25+02:00`),
    fc.constant(""),
  );

  it("reads clean text with the same result as the careful reader, in one range or several", async () => {
    const table = (time: fc.Arbitrary<string>) =>
      fc.array(fc.tuple(id, weight, id, time, fc.constantFrom("view", "buy")), { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(table(number), table(date)),
        fc.constantFrom("\n", "\r\n", "\n\n"),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 1, max: 4 }),
        async (rows, newline, mark, ended, count) => {
          const text = bytesOf((mark ? "\ufeff" : "") + rows.map((row) => row.join(",")).join(newline) + (ended ? newline : ""));
          const plan = planOf(5, { user: 2, item: 0, weight: 1, time: 3, type: 4 });
          const { collected, bad } = await carefully(text, plan);
          expect(bad).toBe(0);
          expect(await inRanges(text, plan, count)).toEqual(collected);
        },
      ),
    );
  });

  it("never accepts what the careful reader rejects, and never reads it differently", async () => {
    const piece = fc.constantFrom(
      ",",
      ",",
      "\n",
      "a",
      "b",
      "1",
      "2",
      ".",
      "-",
      "e5",
      "NaN",
      '"',
      "\r",
      "é",
      "\ufeff",
      "2020-01-01",
      "12345678901234567",
    );
    const text = fc.array(piece, { maxLength: 40 }).map((pieces) => bytesOf(pieces.join("")));
    const spoilt = fc.tuple(text, fc.nat(200), fc.nat(255)).map(([bytes, at, byte]) => (at < bytes.length ? bytes.with(at, byte) : bytes));
    let clean = 0;
    await fc.assert(
      fc.asyncProperty(spoilt, fc.integer({ min: 1, max: 3 }), async (bytes, count) => {
        fc.pre(bytes.length > 0);
        const plan = planOf(3, { user: 0, item: 1, time: 2 });
        const { collected, bad } = await carefully(bytes, plan);
        const fast = await inRanges(bytes, plan, count);
        if (fast === undefined) return;
        clean++;
        expect(bad).toBe(0);
        expect(fast).toEqual(collected);
      }),
      { numRuns: 500 },
    );
    expect(clean).toBeGreaterThan(0);
  });

  it("reads blocks, batches and vocabularies that outgrow their initial room", async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `user-${(i * 7919) % 30_011},${i % 17_011},${i % 10}`);
    const text = bytesOf(`${rows.join("\n")}\n`);
    const plan = planOf(3, { user: 0, item: 1, weight: 2 });
    const { collected } = await carefully(text, plan);
    expect(collected.users.size).toBe(30_011);
    for (const count of [1, 3]) expect(await inRanges(text, plan, count)).toEqual(collected);
  });

  it("gives up on text that is not UTF-8, in any column", async () => {
    const plan = planOf(3, { user: 0, item: 1 });
    const text = bytesOf(`${"a,b,c\n".repeat(50)}d,é,f\n`);
    expect(await inRanges(text, plan, 1)).toBeDefined();
    for (const at of [0, 1, 2].map((field) => 150 + 2 * field)) expect(await inRanges(text.with(at, 0xff), plan, 1)).toBeUndefined();
  });

  it("gives up on a row longer than a block", async () => {
    expect(await inRanges(bytesOf(`a,${"x".repeat(1 << 19)}\nb,c\n`), planOf(2, { user: 0, item: 1 }), 1)).toBeUndefined();
  });
});

describe("cutIntoRanges", () => {
  it("cuts after line feeds and leaves nothing out", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom("a", "\n"), minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 6 }),
        async (text, count) => {
          await writeFile(path, text);
          const ranges = await cutIntoRanges(path, text.length, count);
          expect(ranges.length).toBeLessThanOrEqual(count);
          expect(ranges.map(({ from, to }) => text.slice(from, to)).join("")).toBe(text);
          for (const { from, to } of ranges) {
            expect(to).toBeGreaterThanOrEqual(from);
            if (to < text.length) expect(text[to - 1]).toBe("\n");
          }
        },
      ),
    );
  });
});
