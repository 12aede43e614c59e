import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { realData } from "../testing/real-data.ts";
import type { Progress } from "../util/progress.ts";
import type { Dataset } from "./dataset.ts";
import { type LoadOptions, loadDataset, loadSplit } from "./load.ts";
import { formatSummary, loadStep } from "./summary.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recobase-load-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function load(content: string | Uint8Array, options?: LoadOptions, name = "data.csv"): Promise<Dataset> {
  return loadDataset(await file(name, content), options);
}

function rows(data: Dataset): unknown[][] {
  const { user, item, weight, time, type } = data.interactions;
  return Array.from(user, (u, i) => [
    data.users.id(u),
    data.items.id(item[i]),
    ...(weight ? [weight[i]] : []),
    ...(time ? [time[i]] : []),
    ...(type ? [data.eventTypes[type[i]]] : []),
  ]);
}

const code = (wanted: string) => expect.objectContaining({ code: wanted });

describe("reading delimited text", () => {
  it("finds delimiter, header and columns by itself", async () => {
    const expected = [
      ["ann", "m1", 5, 881250949000],
      ["bob", "m2", 3.5, 881250950000],
    ];
    expect(rows(await load("user_id,movie,rating,ts\nann,m1,5,881250949\nbob,m2,3.5,881250950\n"))).toEqual(expected);
    expect(rows(await load("ann\tm1\t5\t881250949\nbob\tm2\t3.5\t881250950\n"))).toEqual(expected);
    expect(rows(await load("ann::m1::5::881250949\nbob::m2::3.5::881250950"))).toEqual(expected);
    expect(rows(await load("time;rating;item;user\r\n1997-12-04T15:55:49Z;5;m1;ann\r\n1997-12-04 15:55:50;3.5;m2;bob\r\n"))).toEqual(
      expected,
    );
    expect(rows(await load(gzipSync("\ufeffuser|item|rating|time\n\nann|m1|5|881250949000\nbob|m2|3.5|881250950000\n")))).toEqual(expected);
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

  it("does as it is told instead", async () => {
    const text = "a,b,c,d\n1,2,3,4\n";
    expect(rows(await load(text, { user: "d", item: 0, weight: "c", time: "1" }))).toEqual([[4, 1, 3, 2]]);
    expect(rows(await load("1,2\n3,4\n", { header: true }))).toEqual([[3, 4]]);
    expect(rows(await load("user,item\n", { header: false }))).toEqual([["user", "item"]]);
    expect(rows(await load("1-2-5\n", { delimiter: "-", weight: false }))).toEqual([[1, 2]]);
  });

  it("keeps ids exactly as they are", async () => {
    const data = await load('user,item\n007,"a ""b"", c"\n42,日本\n9007199254740993, x\n');
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
        expect(rows(data).map(([user, item, ...rest]) => [String(user), String(item), ...rest])).toEqual(
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
    expect(rows(await loadDataset(join(folder, "parts/[ab].csv")))).toEqual([
      [1, 10],
      [2, 10],
      [3, 30],
    ]);
    expect((await loadDataset(join(folder, "parts/**/*.{csv,csv.gz}"))).users.ids).toEqual([1, 2, 3, 4]);
    expect((await loadDataset([join(folder, "parts/b.csv"), join(folder, "parts/a.csv")])).users.ids).toEqual([3, 1, 2]);
    await file("parts/other.csv", "item,user\n3,30\n");
    await expect(loadDataset(join(folder, "parts/*.csv"))).rejects.toThrow(
      /other\.csv has the columns item, user, but the file before it user, item/,
    );
  });

  it("reads standard input", async () => {
    const stdin = Object.getOwnPropertyDescriptor(process, "stdin") as PropertyDescriptor;
    Object.defineProperty(process, "stdin", {
      value: Readable.from([Buffer.from("user,it"), Buffer.from("em\n1,2\n")]),
      configurable: true,
    });
    try {
      expect(rows(await loadDataset("-"))).toEqual([[1, 2]]);
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

describe("bad rows", () => {
  const header = "user,item,rating,time\n";
  it.each([
    ["a missing field", "1,2,3\n", 2, /3 fields where 4 belong: "1,2,3"/],
    ["a field too many", "1,2,3,4,5\n", 2, /5 fields where 4 belong/],
    ["no user", ",2,3,4\n", 2, /no user/],
    ["no item", "1,,3,4\n", 2, /no item/],
    ["no weight", "1,2,,4\n", 2, /no weight/],
    ["NaN", "1,2,NaN,4\n", 2, /the weight "NaN" is not a number/],
    ["infinity", "\n\n1,2,inf,4\n", 4, /the weight "inf" is not a number/],
    ["a time that is none", "1,2,3,yesterday\n", 2, /the time "yesterday" cannot be read/],
    ["a date among numbers", "1,2,3,4\n1,2,3,2020-01-01\n", 3, /the time "2020-01-01" cannot be read/],
    ["a quote left open", '1,2,3,4\r\n1,"2,3,4\r\n1,3,3,4\r\n', 3, /never closed/],
    ["text behind a quote", '1,"2"x,3,4\n', 2, /after a closing quote/],
  ])("names file, line and value: %s", async (_, text, line, reason) => {
    const path = await file("bad.csv", header + text);
    const failed = loadDataset(path);
    await expect(failed).rejects.toEqual(code("bad-data"));
    await expect(failed).rejects.toThrow(`${path}:${line}: `);
    await expect(failed).rejects.toThrow(reason);
    const skipped = await loadDataset(await file("mended.csv", `${header}9,9,9,9\n${text}8,8,8,8\n`), { onError: "skip" });
    expect(loadStep(skipped)).toMatchObject({ badRows: 1, firstBadRows: [{ line: line + 1 }] });
    expect(formatSummary(skipped)).toMatch(/bad rows {3}1 row left out/);
    expect(skipped.users.ids).toEqual(expect.arrayContaining([8, 9]));
  });

  it("finds invalid UTF-8 in any column, and lets the rest of the block through", async () => {
    const bytes = Buffer.from(`${header}1,2,3,4\n1,x?,3,4\n1,é,3,4\n`);
    bytes[bytes.indexOf("?")] = 0xff;
    const path = await file("latin.csv", bytes);
    await expect(loadDataset(path)).rejects.toThrow(`1 of 3 rows cannot be read:\n  ${path}:3: not UTF-8`);
    expect((await loadDataset(path, { onError: "skip" })).items.ids).toEqual(["2", "é"]);
  });

  it("counts all and shows the first five", async () => {
    const text = `user,item\n${"1,2\n,\n".repeat(1000)}`;
    const failed = load(text);
    await expect(failed).rejects.toThrow(/^1,000 of 2,000 rows cannot be read:/);
    await expect(failed).rejects.toThrow("… and 995 more");
    const message = await failed.catch((error: Error) => error.message);
    expect(String(message).match(/no user/g)).toHaveLength(5);
  });

  it("leaves no trace of a skipped row in the vocabularies", async () => {
    const data = await load("user,item,rating\nghost,x,NaN\nann,ghost,\nann,x,1\n", { onError: "skip" });
    expect([data.users.ids, data.items.ids]).toEqual([["ann"], ["x"]]);
  });

  it("takes an empty time for an unknown one", async () => {
    expect(rows(await load("user,item,time\n1,2,\n1,3,9\n"))).toEqual([
      [1, 2, Number.NaN],
      [1, 3, 9],
    ]);
    expect(rows(await load("user,item,time\n1,2,\n1,3,\n"))).toEqual([
      [1, 2],
      [1, 3],
    ]);
  });
});

describe("small and empty files", () => {
  it.each([
    ["nothing", "", "empty-data", /holds nothing/],
    ["blank lines", "\n\r\n", "empty-data", /holds nothing/],
    ["a header alone", "user,item,rating\n", "empty-data", /only a header \(user, item, rating\)/],
    ["one column", "user\n1\n2\n", "bad-data", /one column \("user"\)/],
    ["one column without a header", "1\n2\n", "bad-data", /but one column/],
    ["bad rows alone", "user,item\n,\n", "bad-data", /1 of 1 rows/],
  ])("explains %s", async (_, text, wanted, message) => {
    const failed = load(text);
    await expect(failed).rejects.toEqual(code(wanted));
    await expect(failed).rejects.toThrow(message);
  });

  it("reads one interaction of one user with one item", async () => {
    for (const text of ["user,item\n1,2\n", "1,2", "1,2\n"]) expect(rows(await load(text))).toEqual([[1, 2]]);
    expect(loadStep(await load("1,2"))?.rows).toBe(1);
  });

  it("says all rows were bad when none is left", async () => {
    await expect(load("user,item\n,\n", { onError: "skip" })).rejects.toThrow(/All 1 rows are bad, the first one .*:2: no user/);
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

describe("repeated pairs", () => {
  const text = "user,item,rating,time\na,x,1,30\nb,x,2,10\na,x,3,20\na,y,4,40\na,x,2,\n";
  it.each([
    [
      "last",
      [
        ["b", "x", 2, 10],
        ["a", "y", 4, 40],
      ],
      ["a", "x", 1, 30],
    ],
    [
      "sum",
      [
        ["b", "x", 2, 10],
        ["a", "y", 4, 40],
      ],
      ["a", "x", 6, 30],
    ],
    [
      "max",
      [
        ["b", "x", 2, 10],
        ["a", "y", 4, 40],
      ],
      ["a", "x", 3, 30],
    ],
  ] as const)("%s", async (repeats, others, merged) => {
    const data = await load(text, { repeats });
    expect(rows(data)).toEqual([merged, ...others]);
    expect(loadStep(data)).toMatchObject({ rows: 5, merged: 2, repeats });
    expect(formatSummary(data)).toMatch(/repeats {4}2 rows/);
  });

  it("all", async () => expect((await load(text, { repeats: "all" })).size).toBe(5));

  it("keeps the last row when there are no times, or equal ones", async () => {
    expect(rows(await load("user,item,rating\na,x,1\na,x,2\n"))).toEqual([["a", "x", 2]]);
    expect(rows(await load("user,item,rating,time\na,x,1,5\na,x,2,5\n"))).toEqual([["a", "x", 2, 5]]);
  });

  it("counts when there are no weights and they are to be added up", async () => {
    expect(rows(await load("user,item\na,x\na,x\nb,x\n", { repeats: "sum" }))).toEqual([
      ["a", "x", 2],
      ["b", "x", 1],
    ]);
    expect(rows(await load("user,item\na,x\na,x\nb,x\n", { repeats: "max" }))).toEqual([
      ["a", "x"],
      ["b", "x"],
    ]);
  });

  it("keeps different events of a pair apart", async () => {
    expect(rows(await load("user,item,event\na,x,view\na,x,buy\na,x,view\n"))).toEqual([
      ["a", "x", "buy"],
      ["a", "x", "view"],
    ]);
  });
});

describe("JSON lines", () => {
  it("reads objects, values as they are", async () => {
    const text =
      '{"userId":"7","itemId":1,"rating":4.5,"timestamp":"2020-01-01T00:00:00Z","other":[1]}\n\n{"itemId":2,"userId":"8","rating":"3","timestamp":null}\n';
    const data = await load(text, {}, "data.jsonl");
    expect(rows(data)).toEqual([
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

  it("names the bad lines", async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"user":1,"item":2}\n{"user":1}\n{"user":1,\n[1,2]\n{"user":true,"item":2}\n'),
      Buffer.from([0x7b, 0xff, 10]),
    ]);
    const failed = load(bytes, {}, "bad.jsonl");
    for (const message of [
      "bad.jsonl:2: no item",
      "bad.jsonl:3: no JSON object",
      "bad.jsonl:4: no JSON object",
      'bad.jsonl:5: the user "true" is no id',
      "bad.jsonl:6: not UTF-8",
    ])
      await expect(failed).rejects.toThrow(message);
    await expect(load('[{"user":1,"item":2}]', {}, "array.json")).rejects.toThrow(/JSON array/);
  });
});

describe("layouts", () => {
  it("movielens-1m reads the original files, Latin-1 and all", async () => {
    const home = join(folder, "ml-1m");
    await mkdir(home);
    await writeFile(join(home, "ratings.dat"), "1::1193::5::978300760\n1::661::3::978302109\n2::1193::4::978298413\n");
    await writeFile(
      join(home, "movies.dat"),
      Buffer.from("661::Misérables, Les (1995)::Drama|Musical\n1193::One Flew (1975)::Drama\n5::Unseen (1990)::War\n", "latin1"),
    );
    await writeFile(join(home, "users.dat.gz"), gzipSync("1::F::1::10::48067\n"));
    const data = await loadDataset(home, { layout: "movielens-1m" });
    expect(rows(data)[0]).toEqual([1, 1193, 5, 978300760000]);
    expect(data.itemFeatures.title).toEqual({ type: "text", values: ["One Flew (1975)", "Misérables, Les (1995)"] });
    expect(data.itemFeatures.year).toEqual({ type: "number", values: Float64Array.of(1975, 1995) });
    expect(data.itemFeatures.genres).toMatchObject({
      names: ["Drama", "Musical"],
      offsets: Uint32Array.of(0, 1, 3),
      codes: Uint32Array.of(0, 0, 1),
    });
    expect(data.userFeatures.occupation).toMatchObject({ names: ["K-12 student"], codes: Uint32Array.of(0, 0xffffffff) });
    expect(loadStep(data)?.layout).toBe("movielens-1m");
  });

  it("lightgcn reads a user and then items, users without any and spaces at the end too", async () => {
    const home = join(folder, "lightgcn");
    await mkdir(home);
    await writeFile(join(home, "train.txt"), "0 5 6 \n1 6\n2\n");
    await writeFile(join(home, "test.txt.gz"), gzipSync("0 7\n1 5\n"));
    expect(rows(await loadDataset(home, { layout: "lightgcn" }))).toEqual([
      [0, 5],
      [0, 6],
      [1, 6],
      [0, 7],
      [1, 5],
    ]);
    const { train, test } = await loadSplit(home, { layout: "lightgcn" });
    expect([rows(train), rows(test)]).toEqual([
      [
        [0, 5],
        [0, 6],
        [1, 6],
      ],
      [
        [0, 7],
        [1, 5],
      ],
    ]);
    expect(train.items).toBe(test.items);
    await expect(loadSplit(home)).rejects.toEqual(code("unsupported"));
    await expect(loadDataset(await file("gap.txt", "0 1\n 2\n"), { layout: "lightgcn" })).rejects.toThrow(/gap\.txt:2: no user/);
  });

  it("sasrec keeps repeats and counts the places in each history", async () => {
    const data = await load("1 3\n2 3\n1 4\n1 3\n", { layout: "sasrec" });
    expect(rows(data)).toEqual([
      [1, 3, 0],
      [2, 3, 0],
      [1, 4, 1],
      [1, 3, 2],
    ]);
    expect(rows(await load("1 3 4 3\n2 3\n", { layout: "sasrec" }))).toEqual([
      [1, 3, 0],
      [1, 4, 1],
      [1, 3, 2],
      [2, 3, 0],
    ]);
  });

  it("two files make a split over common vocabularies", async () => {
    const { train, test } = await loadSplit({ train: await file("t1.csv", "u,i\na,x\n"), test: await file("t2.csv", "u,i\nb,x\na,y\n") });
    expect([rows(train), rows(test), test.users.ids]).toEqual([
      [["a", "x"]],
      [
        ["b", "x"],
        ["a", "y"],
      ],
      ["a", "b"],
    ]);
  });
});

describe("real data", () => {
  const counts = (data: Dataset) => [data.users.size, data.items.size, data.size];
  it.skipIf(!realData("ml-100k"))("MovieLens 100K (skipped where it is missing)", async () => {
    const data = await loadDataset(realData("ml-100k") as string, { layout: "movielens-100k" });
    expect(counts(data)).toEqual([943, 1682, 100_000]);
    expect(counts(await loadDataset(`${realData("ml-100k")}/u.data.gz`))).toEqual([943, 1682, 100_000]);
    const toyStory = data.items.require(1);
    expect((data.itemFeatures.title as unknown as { values: string[] }).values[toyStory]).toBe("Toy Story (1995)");
    expect(formatSummary(data)).toMatch("1997-09-20 to 1998-04-22 (from seconds)");
  });

  it.skipIf(!realData("ml-1m"))("MovieLens 1M (skipped where it is missing)", async () => {
    expect(counts(await loadDataset(`${realData("ml-1m")}/ratings.csv.gz`))).toEqual([6040, 3706, 1_000_209]);
    const data = await loadDataset(realData("ml-1m") as string, { layout: "movielens-1m" });
    expect(counts(data)).toEqual([6040, 3706, 1_000_209]);
    expect(data.interactions.time?.filter(Number.isNaN).length).toBe(1_000_209 - 999_611);
  });

  it.skipIf(!realData("gowalla-lightgcn"))("Gowalla (skipped where it is missing)", async () => {
    const { train, test } = await loadSplit(realData("gowalla-lightgcn") as string, { layout: "lightgcn" });
    expect(counts(train)).toEqual([29_858, 40_981, 810_128]);
    expect(test.size).toBe(217_242);
  });

  it.skipIf(!realData("s3rec-beauty"))("Beauty (skipped where it is missing)", async () => {
    expect(counts(await loadDataset(realData("s3rec-beauty") as string, { layout: "sasrec" }))).toEqual([22_363, 12_101, 198_502]);
  });
});
