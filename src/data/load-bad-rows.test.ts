import { afterAll, describe, expect, it } from "vitest";
import { rowsOf, smallFiles } from "../testing/small-files.ts";
import { loadDataset } from "./load.ts";
import { formatSummary, loadStep } from "./summary.ts";

const { file, load, remove } = smallFiles();
afterAll(remove);

const code = (wanted: string) => expect.objectContaining({ code: wanted });

describe("bad rows", () => {
  const header = "user,item,rating,time\n";
  it.each([
    ["a missing field", "1,2,3\n", 2, /3 fields where 4 belong: "1,2,3"/],
    ["a field too many", "1,2,3,4,5\n", 2, /5 fields where 4 belong/],
    ["no user", ",2,3,4\n", 2, /no user/],
    ["no item", "1,,3,4\n", 2, /no item/],
    ["a word for no user", "NaN,2,3,4\n", 2, /no user: "NaN" stands for a missing value/],
    ["a word for no item", "1, NULL ,3,4\n", 2, /no item: "NULL" stands for a missing value/],
    ["a comma that can mean two things", '1,2,"1,234",4\n', 2, /"1,234" can't be read.* decimal comma/],
    ["a word", "1,2,many,4\n", 2, /the weight "many" is not a number/],
    ["infinity", "\n\n1,2,inf,4\n", 4, /the weight "inf" is not a number/],
    ["a time that is none", "1,2,3,yesterday\n", 2, /the time "yesterday" can't be read/],
    ["a date among numbers", "1,2,3,4\n1,2,3,2020-01-01\n", 3, /the time "2020-01-01" can't be read/],
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
    await expect(loadDataset(path)).rejects.toThrow(`1 of 3 rows can't be read:\n  ${path}:3: not UTF-8`);
    expect((await loadDataset(path, { onError: "skip" })).items.ids).toEqual(["2", "é"]);
  });

  it("counts all and shows the first five", async () => {
    const text = `user,item\n${"1,2\n,\n".repeat(1000)}`;
    const failed = load(text);
    await expect(failed).rejects.toThrow(/^1,000 of 2,000 rows can't be read:/);
    await expect(failed).rejects.toThrow("… and 995 more");
    const message = await failed.catch((error: Error) => error.message);
    expect(String(message).match(/no user/g)).toHaveLength(5);
  });

  it("leaves no trace of a skipped row in the vocabularies", async () => {
    const data = await load("user,item,rating\nghost,x,many\nann,ghost,few\nNaN,ghost,1\nann,x,1\n", { onError: "skip" });
    expect([data.users.ids, data.items.ids]).toEqual([["ann"], ["x"]]);
  });

  it("takes an empty weight, or a word for none, for 1", async () => {
    expect(rowsOf(await load("user,item,rating\n1,2,\n1,3,NaN\n1,4,\\N\n1,5,2\n"))).toEqual([
      [1, 2, 1],
      [1, 3, 1],
      [1, 4, 1],
      [1, 5, 2],
    ]);
  });

  it("reads decimal commas and separators of thousands as the column shows them", async () => {
    const weights = async (...cells: string[]) =>
      Array.from((await load(`user;item;rating\n${cells.map((cell, i) => `${i};1;${cell}\n`).join("")}`)).interactions.weight ?? []);
    expect(await weights("4,5", "3,0", "2")).toEqual([4.5, 3, 2]);
    expect(await weights("1.234", "12,50", "1.234,5")).toEqual([1234, 12.5, 1234.5]);
    expect(await weights("1,234", "12.5", "1,234.5")).toEqual([1234, 12.5, 1234.5]);
    await expect(weights("0.25", "12,50")).rejects.toThrow(/:3: the weight "12,50" can't be read/);
  });

  it("leaves blanks around cells out, unless they are in quotes", async () => {
    const text =
      'user, item, rating, type, time\r\nann, tea, 4, view, 2026-01-02 10:00 \r\nben,\tcup , 5 ,"view", 2026-01-02\r\n" c ", "t,""x" , 1, view,2026-01-02\r\n';
    const data = await load(text);
    expect(rowsOf(data)).toEqual([
      ["ann", "tea", 4, Date.UTC(2026, 0, 2, 10), "view"],
      ["ben", "cup", 5, Date.UTC(2026, 0, 2), "view"],
      [" c ", 't,"x', 1, Date.UTC(2026, 0, 2), "view"],
    ]);
  });

  it("takes a word for no time for an unknown time", async () =>
    expect(rowsOf(await load("user,item,time\n1,2,NULL\n1,3,9\n"))).toEqual([
      [1, 2, Number.NaN],
      [1, 3, 9],
    ]));

  it("reads long files by the same rules", async () => {
    const rows = Array.from({ length: 9000 }, (_, r) => `u${r % 50},i${r % 70},3\n`).join("");
    const long = (row: string) => load(`user,item,rating\n${rows}${row}${rows}`, { repeats: "all", onError: "skip" });
    const [blank, word, none] = [await long("u1, new ,3\n"), await long("None,i1,3\n"), await long("u1,i1,null\n")];
    expect([blank.items.size, blank.items.indexOf("new")]).toEqual([71, 70]);
    expect([word.users.size, loadStep(word)?.badRows]).toEqual([50, 1]);
    expect([none.size, none.interactions.weight?.[9000]]).toEqual([18_001, 1]);
  });

  it("takes an empty time for an unknown one", async () => {
    expect(rowsOf(await load("user,item,time\n1,2,\n1,3,9\n"))).toEqual([
      [1, 2, Number.NaN],
      [1, 3, 9],
    ]);
    expect(rowsOf(await load("user,item,time\n1,2,\n1,3,\n"))).toEqual([
      [1, 2],
      [1, 3],
    ]);
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
    expect(rowsOf(data)).toEqual([merged, ...others]);
    expect(loadStep(data)).toMatchObject({ rows: 5, merged: 2, repeats });
    expect(formatSummary(data)).toMatch(/repeats {4}2 rows/);
  });

  it("all", async () => expect((await load(text, { repeats: "all" })).size).toBe(5));

  it("keeps the last row when there are no times, or equal ones", async () => {
    expect(rowsOf(await load("user,item,rating\na,x,1\na,x,2\n"))).toEqual([["a", "x", 2]]);
    expect(rowsOf(await load("user,item,rating,time\na,x,1,5\na,x,2,5\n"))).toEqual([["a", "x", 2, 5]]);
  });

  it("counts when there are no weights and they are to be added up", async () => {
    expect(rowsOf(await load("user,item\na,x\na,x\nb,x\n", { repeats: "sum" }))).toEqual([
      ["a", "x", 2],
      ["b", "x", 1],
    ]);
    expect(rowsOf(await load("user,item\na,x\na,x\nb,x\n", { repeats: "max" }))).toEqual([
      ["a", "x"],
      ["b", "x"],
    ]);
  });

  it("keeps different events of a pair apart", async () => {
    expect(rowsOf(await load("user,item,event\na,x,view\na,x,buy\na,x,view\n"))).toEqual([
      ["a", "x", "buy"],
      ["a", "x", "view"],
    ]);
  });
});
