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
    ["no weight", "1,2,,4\n", 2, /no weight/],
    ["NaN", "1,2,NaN,4\n", 2, /the weight "NaN" is not a number/],
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
    const data = await load("user,item,rating\nghost,x,NaN\nann,ghost,\nann,x,1\n", { onError: "skip" });
    expect([data.users.ids, data.items.ids]).toEqual([["ann"], ["x"]]);
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
