import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { defineModel } from "../model/define-model.ts";
import { smallFiles } from "../testing/small-files.ts";
import type { Dataset } from "./dataset.ts";
import { loadDataset, loadSplit } from "./load.ts";
import type { LoadOptions } from "./load-options.ts";
import { formatSummary, loadStep } from "./summary.ts";

const { folder, file, load, remove } = smallFiles();
afterAll(remove);

const asked: LoadOptions = { session: "visit", basket: "order", context: ["device", "hour"] };
const header = "user,item,visit,order,device,hour\n";

/** Sessions and baskets as numbers, and what is known of each moment. */
function moments({ interactions: { user, session, basket, context = {} } }: Dataset) {
  const features = Array.from(user, (_, row) =>
    Object.entries(context).map(([, column]) => {
      if (column.type === "number") return column.values[row];
      return column.type === "category" ? column.names[column.codes[row]] : column.type;
    }),
  );
  return { session: session && [...session], basket: basket && [...basket], features };
}

const expected = {
  session: [0, 0, 1, 2, 0],
  basket: [0, 1, 1, 2, 3],
  features: [
    ["phone", 8],
    ["desk, top", 9.5],
    [undefined, 8],
    ["phone", 10],
    ["phone", Number.NaN],
  ],
};

const rows = [
  { user: "ann", item: "a", visit: "s1", order: 7, device: "phone", hour: 8 },
  { user: "ann", item: "b", visit: "s1", order: 8, device: "desk, top", hour: 9.5 },
  { user: "bob", item: "a", visit: null, order: 8, device: null, hour: 8 },
  { user: "bob", item: "c", visit: null, order: 9, device: "phone", hour: 10 },
  { user: "ann", item: "a", visit: "s1", order: null, device: "phone", hour: null },
];
const jsonLines = rows.map((row) => JSON.stringify(row)).join("\n");

describe("sessions, baskets and context", () => {
  const csv = `${header}ann,a,s1,7,phone,8\nann,b,s1,8,"desk, top",9.5\nbob,a,,8,,8\nbob,c,,9,phone,10\nann,a,s1,,phone,\n`;

  it.each([
    ["CSV", csv, "moments.csv"],
    ["gzipped CSV", gzipSync(csv), "moments.csv.gz"],
    ["clean CSV", csv.replace('"desk, top"', "desk"), "clean.csv"],
    ["JSON Lines", jsonLines, "moments.jsonl"],
  ])("come from the columns of %s, and repeats stay", async (format, content, name) => {
    const found = moments(await load(content, asked, name));
    if (format === "clean CSV") expect(found.features[1]).toEqual(["desk", 9.5]);
    else expect(found).toEqual(expected);
  });

  it("come from the columns of Parquet", async () => {
    const source = await file("rows.jsonl", jsonLines);
    const path = `${folder}/moments.parquet`;
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(`COPY (SELECT *, hour::DECIMAL(5, 2) AS exact, hour > 8 AS late FROM read_json('${source}')) TO '${path}'`);
    connection.closeSync();
    instance.closeSync();
    expect(moments(await loadDataset(path, asked))).toEqual(expected);
    const typed = await loadDataset(path, { context: ["exact", "late"] });
    expect(moments(typed).features.slice(0, 2)).toEqual([
      [8, "false"],
      [9.5, "true"],
    ]);
  });

  it("are read from long files too, which the fast reader would otherwise take", async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `u${i % 50},i${i % 7},s${i >> 2},,d${i % 3},${i}\n`);
    const { session, context } = (await load(header + lines.join(""), asked)).interactions;
    expect(session).toEqual(Uint32Array.from({ length: 20_000 }, (_, i) => i >> 2));
    expect(context?.hour).toEqual({ type: "number", values: Float64Array.from({ length: 20_000 }, (_, i) => i) });
    expect(context?.device).toMatchObject({ type: "category", names: ["d0", "d1", "d2"] });
  });

  it("are left alone unless they are asked for", async () => {
    const { session, basket, context } = (await load(csv)).interactions;
    expect([session, basket, context]).toEqual([undefined, undefined, undefined]);
  });

  it("can be chosen by position, and the user can be the session", async () => {
    const data = await load("s1,a,3\ns1,b,4\ns2,a,3\n", { user: 0, item: 1, session: 0, context: [2] });
    expect(moments(data)).toMatchObject({ session: [0, 0, 1], features: [[3], [4], [3]] });
    expect(Object.keys(data.interactions.context ?? {})).toEqual(["column 3"]);
  });

  it("are numbers only if every value is one", async () => {
    const text = "user,item,a,b,c\n1,2,1,007,-0.5\n1,3,x,8,1e3\n";
    expect(moments(await load(text, { context: ["a", "b", "c"] })).features).toEqual([
      ["1", "007", -0.5],
      ["x", "8", 1000],
    ]);
    const json = '{"user":1,"item":2,"a":5,"b":true}\n{"user":1,"item":3,"a":"5","b":1}\n';
    expect(moments(await load(json, { context: ["a", "b"] })).features).toEqual([
      ["5", "true"],
      ["5", "1"],
    ]);
  });

  it("keep the last of several rows only if told to", async () => {
    expect((await load(csv, asked)).size).toBe(5);
    const last = await load(csv, { ...asked, repeats: "last" });
    expect(moments(last)).toMatchObject({ session: [0, 1, 2, 0], basket: [1, 1, 2, 3] });
    expect((await load(csv, { context: ["device"] })).size).toBe(4);
  });

  it("are the same across files, and in both parts of a split", async () => {
    const [train, test] = [
      await file("a.csv", `${header}ann,a,s1,,x,1\nann,b,,,x,2\n`),
      await file("b.csv", `${header}ann,c,s1,,y,3\nann,d,,,y,4\n`),
    ];
    expect(moments(await loadDataset([train, test], asked)).session).toEqual([0, 1, 0, 2]);
    const split = await loadSplit({ train, test }, asked);
    expect(moments(split.train).session).toEqual([0, 1]);
    expect(moments(split.test)).toMatchObject({
      session: [0, 2],
      features: [
        ["y", 3],
        ["y", 4],
      ],
    });
  });

  it("are in the summary", async () => {
    const summary = formatSummary(await load(csv, asked));
    expect(summary).toMatch("session = visit, basket = order");
    expect(summary).toMatch("groups     3 sessions, 4 baskets");
    expect(summary).toMatch("context    device (2 values), hour (number)");
  });
});

describe("errors", () => {
  it.each<[LoadOptions, string]>([
    [{ session: "vist" }, 'There is no column "vist" for the session. Did you mean visit?'],
    [{ basket: "orders" }, 'There is no column "orders" for the basket. Did you mean order?'],
    [{ context: ["device", "hours"] }, 'There is no column "hours" for the context. Did you mean hour?'],
    [{ context: [9] }, "There is no column 9 for the context."],
    [{ context: ["hour", "5"] }, 'The context column "hour" is given twice.'],
  ])("name a column that is not there: %j", async (options, message) => {
    await expect(load(`${header}1,2,3,4,5,6\n`, options)).rejects.toThrow(message);
    if (!message.includes("twice")) await expect(load(jsonLines, options, "missing.jsonl")).rejects.toThrow(message);
  });

  it.each([
    ['"visit":{"id":1}', 'the session "{\\"id\\":1}" is not a valid id'],
    ['"order":true', 'the basket "true" is not a valid id'],
    ['"device":["a"]', 'the context "device" is "[\\"a\\"]", which is not text, a finite number, true or false'],
  ])("name file and line of a bad value: %s", async (field, message) => {
    const text = `${jsonLines}\n{"user":"cid","item":"z",${field}}\n`;
    await expect(load(text, asked, "bad.jsonl")).rejects.toThrow(`bad.jsonl:6: ${message}`);
    const data = await load(text, { ...asked, onError: "skip" }, "bad.jsonl");
    expect(moments(data)).toEqual(expected);
    expect(loadStep(data)).toMatchObject({ badRows: 1 });
    expect(data.users.ids).toEqual(["ann", "bob"]);
  });

  it("leave out the moments of rows that are bad for another reason", async () => {
    const text = `${header.trimEnd()},rating\n1,2,s0,o0,x,1,bad\n1,3,s1,o1,y,2,5\n`;
    const data = await load(text, { ...asked, onError: "skip" });
    expect(moments(data)).toEqual({ session: [0], basket: [0], features: [["y", 2]] });
    expect(data.interactions.context?.device).toMatchObject({ names: ["y"] });
  });

  it("say that a layout has no such columns", async () => {
    const path = await file("train.txt", "0 1 2\n");
    await expect(loadDataset(path, { layout: "lightgcn", session: "visit" })).rejects.toThrow(
      "The layout lightgcn has no columns besides users and items, so session, basket and context can't be read from it.",
    );
  });
});

/** What was seen in the same session, as often as it was. */
const sameSession = defineModel({
  name: "same-session",
  family: "test",
  needs: ["sessions"],
  options: {},
  fit(data, _options, { histories: { rows, offsets, item, group } }) {
    const items = data.items.size;
    const together = new Float32Array(items * items);
    for (let row = 0; row < rows; row++)
      for (let a = offsets[row]; a < offsets[row + 1]; a++)
        for (let b = offsets[row]; b < offsets[row + 1]; b++)
          if (a !== b && group?.[a] === group?.[b]) together[item[a] * items + item[b]]++;
    return { items, together };
  },
  scoreSome({ items, together }, { rows, offsets, item }, emit) {
    for (let row = 0; row < rows; row++)
      for (let other = 0; other < items; other++) {
        const score = together[item[offsets[row + 1] - 1] * items + other];
        if (score > 0) emit(row, other, score);
      }
  },
});

describe("a model that needs sessions", () => {
  const csv = "user,item,visit\nann,tent,1\nann,stove,1\nann,piano,2\nann,stool,2\nbob,tent,3\nbob,stove,3\nbob,piano,4\n";

  it("learns from a CSV with a session column", async () => {
    const model = await sameSession().fit(await load(csv, { session: "visit" }));
    const found = (item: string) =>
      model
        .recommend({ history: [item] })
        .filter(({ score }) => score > 0)
        .map((entry) => entry.item);
    expect(found("tent")).toEqual(["stove"]);
    expect(found("piano")).toEqual(["stool"]);
  });

  it("names the option if the column was not asked for", async () => {
    await expect(sameSession().fit(await load(csv))).rejects.toThrow('Name the session column (session: "visit", or --session visit).');
  });
});
