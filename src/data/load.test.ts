import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { rowsOf, smallFiles } from "../testing/small-files.ts";
import type { Progress } from "../util/progress.ts";
import { loadDataset } from "./load.ts";
import { formatSummary, loadStep } from "./summary.ts";

const { folder, file, load, remove } = smallFiles();
afterAll(remove);

const code = (wanted: string) => expect.objectContaining({ code: wanted });

describe("reading delimited text", () => {
  it("finds delimiter, header and columns by itself", async () => {
    const expected = [
      ["ann", "m1", 5, 881250949000],
      ["bob", "m2", 3.5, 881250950000],
    ];
    expect(rowsOf(await load("user_id,movie,rating,ts\nann,m1,5,881250949\nbob,m2,3.5,881250950\n"))).toEqual(expected);
    expect(rowsOf(await load("ann\tm1\t5\t881250949\nbob\tm2\t3.5\t881250950\n"))).toEqual(expected);
    expect(rowsOf(await load("ann::m1::5::881250949\nbob::m2::3.5::881250950"))).toEqual(expected);
    expect(rowsOf(await load("time;rating;item;user\r\n1997-12-04T15:55:49Z;5;m1;ann\r\n1997-12-04 15:55:50;3.5;m2;bob\r\n"))).toEqual(
      expected,
    );
    expect(rowsOf(await load(gzipSync("\ufeffuser|item|rating|time\n\nann|m1|5|881250949000\nbob|m2|3.5|881250950000\n")))).toEqual(
      expected,
    );
  });

  it("says what it guessed", async () => {
    const data = await load("user_id,movie,rating,ts\nann,m1,5,881250949\nbob,m2,3.5,\n", {}, "guess.csv");
    const summary = formatSummary(data);
    expect(summary).toMatch(/2 rows from .*guess\.csv \(delimited, delimiter ",", with a header\)/);
    expect(summary).toMatch("user = user_id (by name), item = movie (by name), weight = rating (by name), time = ts (by name)");
    expect(summary).toMatch("2 interactions of 2 users with 2 items");
    expect(summary).toMatch("1997-12-04 to 1997-12-04 (from seconds); unknown in 1 row");
    expect(summary).toMatch("3.5 to 5");
  });

  it("refuses a delimiter that cannot be one", async () => {
    for (const delimiter of ["", "\n", '"'])
      await expect(load("1,2\n", { delimiter })).rejects.toThrow(/delimiter is one character or more/);
  });

  it("does as it is told instead", async () => {
    const text = "a,b,c,d\n1,2,3,4\n";
    expect(rowsOf(await load(text, { user: "d", item: 0, weight: "c", time: "1" }))).toEqual([[4, 1, 3, 2]]);
    expect(rowsOf(await load("1,2\n3,4\n", { header: true }))).toEqual([[3, 4]]);
    expect(rowsOf(await load("user,item\n", { header: false }))).toEqual([["user", "item"]]);
    expect(rowsOf(await load("1-2-5\n", { delimiter: "-", weight: false }))).toEqual([[1, 2]]);
  });

  it("keeps ids exactly as they are", async () => {
    const data = await load('user,item\n007,"a ""b"", c"\n42,日本\n9007199254740993," x"\n');
    expect(data.users.ids).toEqual(["007", "42", "9007199254740993"]);
    expect(data.items.ids).toEqual(['a "b", c', "日本", " x"]);
  });

  it("reads any table back, row for row, whatever the columns hold", async () => {
    const id = fc.string({ unit: fc.constantFrom("a", "ß", "0", "7", ",", '"', "\n"), minLength: 1, maxLength: 15 });
    const row = fc.record({ user: id, item: id, weight: fc.integer({ min: -99, max: 99 }), time: fc.integer({ min: 1e12, max: 2e12 }) });
    const cell = (value: string | number) => `"${String(value).replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (table) => {
        const text = `user,item,rating,time\n${table.map((r) => [r.user, r.item, r.weight, r.time].map(cell).join(",")).join("\n")}`;
        const data = await load(text, { delimiter: ",", repeats: "all" });
        expect(rowsOf(data).map(([user, item, ...rest]) => [String(user), String(item), ...rest])).toEqual(
          table.map((r) => [r.user, r.item, r.weight, r.time]),
        );
      }),
      { numRuns: 40 },
    );
  });

  it("reads many files as one, those of a glob in the order of their names", async () => {
    await mkdir(join(folder, "parts/deep"), { recursive: true });
    await file("parts/b.csv", "user,item\n3,30\n");
    await file("parts/a.csv", "user,item\n1,10\n2,10\n");
    await file("parts/deep/c.csv.gz", gzipSync("user,item\n4,10\n"));
    await file("parts/empty.csv", "");
    expect(rowsOf(await loadDataset(join(folder, "parts/[ab].csv")))).toEqual([
      [1, 10],
      [2, 10],
      [3, 30],
    ]);
    expect((await loadDataset(join(folder, "parts/**/*.{csv,csv.gz}"))).users.ids).toEqual([1, 2, 3, 4]);
    expect((await loadDataset([join(folder, "parts/b.csv"), join(folder, "parts/a.csv")])).users.ids).toEqual([3, 1, 2]);
    await file("parts/other.csv", "item,user\n3,30\n");
    await expect(loadDataset(join(folder, "parts/*.csv"))).rejects.toThrow(
      /other\.csv has the columns item, user, but the file before it has user, item/,
    );
  });

  it("reads standard input", async () => {
    const stdin = Object.getOwnPropertyDescriptor(process, "stdin") as PropertyDescriptor;
    Object.defineProperty(process, "stdin", {
      value: Readable.from([Buffer.from("user,it"), Buffer.from("em\n1,2\n")]),
      configurable: true,
    });
    try {
      expect(rowsOf(await loadDataset("-"))).toEqual([[1, 2]]);
    } finally {
      Object.defineProperty(process, "stdin", stdin);
    }
  });

  it("shows progress, and stops on request", async () => {
    const path = await file("long.csv", `user,item\n${Array.from({ length: 100_000 }, (_, i) => `${i},${i % 7}`).join("\n")}\n`);
    const seen: Progress[] = [];
    await loadDataset(path, { onProgress: (progress) => seen.push(progress) });
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.at(-1)?.done).toBe(seen.at(-1)?.total);
    const controller = new AbortController();
    await expect(loadDataset(path, { signal: controller.signal, onProgress: () => controller.abort() })).rejects.toEqual(code("aborted"));
  });

  it("gives the same dataset from a long file however it comes", async () => {
    const text = `user,item,rating\n${Array.from({ length: 60_000 }, (_, i) => `u${(i * 7919) % 5003},a-long-item-name-${(i * 104729) % 20011},${i % 5}`).join("\n")}\n`;
    const plain = await load(text, {}, "long.csv");
    const zipped = await load(gzipSync(text), {}, "long.csv.gz");
    expect(zipped.users.ids).toEqual(plain.users.ids);
    expect(zipped.items.ids).toEqual(plain.items.ids);
    expect(zipped.interactions).toEqual(plain.interactions);
    expect(plain.items.id(plain.interactions.item[1])).toBe("a-long-item-name-4674");
  });
});

describe("small and empty files", () => {
  it.each([
    ["nothing", "", "empty-data", /contains nothing/],
    ["blank lines", "\n\r\n", "empty-data", /contains nothing/],
    ["a header alone", "user,item,rating\n", "empty-data", /only a header \(user, item, rating\)/],
    ["one column", "user\n1\n2\n", "bad-data", /one column \("user"\)/],
    ["one column without a header", "1\n2\n", "bad-data", /only one column/],
    ["bad rows alone", "user,item\n,\n", "bad-data", /1 of 1 rows/],
  ])("explains %s", async (_, text, wanted, message) => {
    const failed = load(text);
    await expect(failed).rejects.toEqual(code(wanted));
    await expect(failed).rejects.toThrow(message);
  });

  it("reads one interaction of one user with one item", async () => {
    for (const text of ["user,item\n1,2\n", "1,2", "1,2\n"]) expect(rowsOf(await load(text))).toEqual([[1, 2]]);
    expect(loadStep(await load("1,2"))?.rows).toBe(1);
  });

  it("says all rows were bad when none is left", async () => {
    await expect(load("user,item\n,\n", { onError: "skip" })).rejects.toThrow(/All 1 rows are bad\. The first is .*:2: no user/);
  });

  it("names the near files and the layouts", async () => {
    await file("ratings.csv", "1,2\n");
    await expect(loadDataset(join(folder, "rating.csv"))).rejects.toThrow(/Did you mean ratings\.csv/);
    await expect(loadDataset(join(folder, "*.nothing"))).rejects.toEqual(code("not-found"));
    await expect(loadDataset(folder)).rejects.toThrow(/is a folder/);
    await expect(loadDataset(folder, { layout: "movielens" })).rejects.toThrow(/Did you mean movielens-/);
    await expect(loadDataset(join(folder, "cut.gz"))).rejects.toEqual(code("not-found"));
    await expect(load(gzipSync("user,item\n1,2\n".repeat(1000)).subarray(0, 40))).rejects.toThrow(/damaged or truncated gzip/);
  });
});

describe("JSON lines", () => {
  it("reads objects, values as they are", async () => {
    const text =
      '{"userId":"7","itemId":1,"rating":4.5,"timestamp":"2020-01-01T00:00:00Z","other":[1]}\n\n{"itemId":2,"userId":"8","rating":"3","timestamp":null}\n';
    const data = await load(text, {}, "data.jsonl");
    expect(rowsOf(data)).toEqual([
      ["7", 1, 4.5, Date.UTC(2020)],
      ["8", 2, 3, Number.NaN],
    ]);
    expect(loadStep(data)?.format).toBe("json-lines");
  });

  it("does not round ids of more than 53 bits", async () => {
    const data = await load(
      '{"user":12345678901234567890,"item":"a 99999999999999999999 b"}\n{"user":1,"item":"x"}\n',
      {},
      "data.jsonl.gz",
    );
    expect(data.users.ids).toEqual(["12345678901234567890", "1"]);
    expect(data.items.ids).toEqual(["a 99999999999999999999 b", "x"]);
  });

  it("finds the columns below hundreds of bad lines", async () => {
    const data = await load(`${"{\n".repeat(500)}{"user":1,"item":2}\n`, { onError: "skip" }, "late.jsonl");
    expect(rowsOf(data)).toEqual([[1, 2]]);
    expect(loadStep(data)?.badRows).toBe(500);
  });

  it("names the bad lines", async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"user":1,"item":2}\n{"user":1}\n{"user":1,\n[1,2]\n{"user":true,"item":2}\n'),
      Buffer.from([0x7b, 0xff, 10]),
      // A letter that only UTF-8 has: the file is not in another encoding.
      Buffer.from('{"user":1,"item":"\u00e9"}\n'),
    ]);
    const failed = load(bytes, {}, "bad.jsonl");
    for (const message of [
      "bad.jsonl:2: no item",
      "bad.jsonl:3: no JSON object",
      "bad.jsonl:4: no JSON object",
      'bad.jsonl:5: the user "true" is not a valid id',
      "bad.jsonl:6: not UTF-8",
    ])
      await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toThrow(/:2: .*:3: .*:4: .*:5: .*:6: /s);
    await expect(load('[{"user":1,"item":2}]', {}, "array.json")).rejects.toThrow(/JSON array/);
  });
});

describe("text in other forms", () => {
  const text = "user,item,rating,time\nann,grüner-tee,4,2026-01-02\nben,café,5,2026-01-03\n";
  const items = ["grüner-tee", "café"];

  it("is read in UTF-16 and Windows-1252, which the provenance names", async () => {
    const marked = await load(Buffer.from(`\ufeff${text}`, "utf16le"));
    expect([marked.items.ids, loadStep(marked)?.encoding]).toEqual([items, "utf-16le"]);
    const guessed = await load(Buffer.from(text, "latin1"));
    expect([guessed.items.ids, loadStep(guessed)?.encoding]).toEqual([items, "windows-1252 (guessed)"]);
    expect(formatSummary(guessed)).toContain("windows-1252 (guessed)");
    const given = await load(Buffer.from(text, "latin1"), { encoding: "latin1" });
    expect([given.items.ids, loadStep(given)?.encoding]).toEqual([items, "windows-1252"]);
    expect(loadStep(await load(text))?.encoding).toBeUndefined();
    await expect(load(text, { encoding: "klingon" })).rejects.toThrow(/Unknown encoding/);
  });

  it("is read with carriage returns alone, and with Excel's line before the header", async () => {
    expect((await load(text.replaceAll("\n", "\r"))).items.ids).toEqual(items);
    const told = text.replaceAll(",", ";");
    for (const before of ["sep=;\n", '"sep=;"\r\n', "\ufeffSEP=;\n"]) {
      const data = await load(`${before}${told}`);
      expect([data.items.ids, loadStep(data)?.header]).toEqual([items, true]);
    }
    await expect(load("sep=;\nuser;item\nann;tea;2\n")).rejects.toThrow(/:3: 3 fields where 2 belong/);
  });

  it("is read alike when it is long", async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `u${i % 500};i${(i * 7) % 900}`);
    const plain = await load(`user;item\n${rows.join("\n")}\n`, { repeats: "all" });
    for (const other of [`sep=;\nuser;item\n${rows.join("\n")}\n`, `user;item\r${rows.join("\r")}\r`]) {
      const data = await load(other, { repeats: "all" });
      expect(data.size).toBe(20_000);
      expect(data.interactions.item).toEqual(plain.interactions.item);
    }
  });
});

describe("times of another form", () => {
  const rows = Array.from({ length: 3000 }, (_, i) => `${i % 50},${i % 70},${String(1 + (i % 28)).padStart(2, "0")}.02.2026 1${i % 10}:30`);
  const text = `user,item,time\n${rows.join("\n")}\n`;

  it("are read as the form and the zone say, also in long files", async () => {
    const data = await load(text, { timeFormat: "DD.MM.YYYY HH:mm", timeZone: "Europe/Vienna", repeats: "all" });
    expect(data.interactions.time?.[0]).toBe(Date.UTC(2026, 1, 1, 9, 30));
    expect(data.interactions.time?.[2999]).toBe(Date.UTC(2026, 1, 1 + (2999 % 28), 18, 30));
    expect(loadStep(data)).toMatchObject({ timeUnit: "date", timeFormat: "DD.MM.YYYY HH:mm", timeZone: "Europe/Vienna" });
    const plain = await load("user,item,time\n1,2,2026-07-31 12:00\n", { timeZone: "Europe/Vienna" });
    expect(plain.interactions.time).toEqual(Float64Array.of(Date.UTC(2026, 6, 31, 10)));
    const digits = await load("user,item,time\n1,2,20260731\n", { timeFormat: "YYYYMMDD" });
    expect(digits.interactions.time).toEqual(Float64Array.of(Date.UTC(2026, 6, 31)));
  });

  it("are refused with what to do, and named where they don't fit the form", async () => {
    await expect(load(text)).rejects.toThrow('timeFormat: "DD.MM.YYYY" (--time-format DD.MM.YYYY)');
    await expect(load("user,item,time\n1,2,31.02.2026\n1,3,1.2.2026\n", { timeFormat: "DD.MM.YYYY" })).rejects.toThrow(
      /:2: the time "31\.02\.2026"/,
    );
    await expect(load(text, { timeZone: "Europe/Wien" })).rejects.toThrow(/Unknown time zone/);
  });

  it("are read from JSON lines, and missing ones stay missing", async () => {
    const lines = '{"user":1,"item":2,"time":"31.01.2026"}\n{"user":1,"item":3}\n';
    const data = await load(lines, { timeFormat: "DD.MM.YYYY" }, "times.jsonl");
    expect(data.interactions.time).toEqual(Float64Array.of(Date.UTC(2026, 0, 31), Number.NaN));
  });
});

describe("a header in another language", () => {
  const rows = "Müller;Grüner Tee;ansehen;31.01.2026 12:00;\nMüller;Tasse;kauf;31.01.2026 12:05;12,50\n";

  it("is recognized above dates with the day first and decimal commas, and by the columns asked for", async () => {
    const named = await load(`Kunde;Artikel;Aktion;Datum;Betrag\n${rows}`, {
      ...{ user: "Kunde", item: "Artikel", type: "Aktion", time: "Datum", weight: "Betrag", timeFormat: "DD.MM.YYYY HH:mm" },
    });
    expect([named.users.ids, named.items.ids, named.eventTypes]).toEqual([["Müller"], ["Grüner Tee", "Tasse"], ["ansehen", "kauf"]]);
    expect([...(named.interactions.weight ?? [])]).toEqual([1, 12.5]);
    expect(
      loadStep(await load(`Kunde;Artikel;Datum\n${rows.replaceAll(/ansehen;|kauf;|;[\d,]*$/gm, "")}`, { repeats: "all" }))?.header,
    ).toBe(true);
    const words = await load("Kunde;Artikel\nann;tee\nben;tee\n", { user: "Kunde", item: "Artikel" });
    expect([words.users.ids, loadStep(words)?.header]).toEqual([["ann", "ben"], true]);
    expect(loadStep(await load("ann;tee\nben;tee\n"))?.header).toBe(false);
  });
});
