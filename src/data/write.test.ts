import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Dataset, type InteractionRow } from "./dataset.ts";
import { loadDataset } from "./load.ts";
import { writeDataset } from "./write.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recobase-write-"));
});
afterAll(() => rm(folder, { recursive: true }));

const rows: InteractionRow[] = [
  { user: "a,b", item: 10, weight: 3.3, time: Date.UTC(2020), type: "view" },
  { user: 'q"u\no', item: 7, weight: 1 / 3, time: Date.UTC(2021) + 0.25, type: "buy" },
  { user: "a,b", item: 10, weight: -2, type: "view" },
];

describe("writeDataset", () => {
  it.each(["csv", "tsv", "jsonl", "parquet", "csv.gz", "tsv.gz", "ndjson.gz"])("%s comes back as it was", async (extension) => {
    const data = Dataset.fromRows(rows);
    const path = join(folder, `data.${extension}`);
    await writeDataset(data, path);
    const back = await loadDataset(path, { repeats: "all" });
    expect(back.users.ids).toEqual(data.users.ids);
    expect(back.items.ids).toEqual(data.items.ids);
    expect(back.eventTypes).toEqual(data.eventTypes);
    expect(back.interactions).toEqual(data.interactions);
  });

  it.each(["csv", "jsonl", "parquet"])("sessions, baskets and context come back from %s", async (extension) => {
    const data = Dataset.fromRows([
      { user: 1, item: "a", session: "s", basket: 7, context: { device: "a,b", 'the "hour"': 8.5 } },
      { user: 1, item: "b", session: "s", basket: 8, context: { device: "phone" } },
      { user: 2, item: "a", session: "t", basket: 7, context: { 'the "hour"': 9 } },
    ]);
    const path = join(folder, `moments.${extension}`);
    await writeDataset(data, path);
    const back = await loadDataset(path, { session: "session", basket: "basket", context: ["device", 'the "hour"'] });
    expect(back.interactions).toEqual(data.interactions);
  });

  it("refuses a context that would take the column of something else", async () => {
    const data = Dataset.fromRows([{ user: 1, item: 2, context: { item: "x" } }]);
    await expect(writeDataset(data, join(folder, "clash.csv"))).rejects.toThrow(/^The context "item" can't be written/);
  });

  it("writes any ids so that they come back", async () => {
    const id = fc.oneof(
      fc.integer(),
      fc.string({ unit: fc.constantFrom("é", ",", "\t", '"', "\n", "\r", " ", "0", "x"), minLength: 1, maxLength: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(id, id), { minLength: 1, maxLength: 10 }),
        fc.constantFrom("csv", "tsv", "jsonl"),
        async (pairs, extension) => {
          const data = Dataset.fromRows(pairs.map(([user, item]) => ({ user: `u${user}`, item: `${item}i` })));
          const path = join(folder, `any.${extension}`);
          await writeDataset(data, path);
          const back = await loadDataset(path, { repeats: "all", delimiter: extension === "tsv" ? "\t" : "," });
          expect(back.users.ids).toEqual(data.users.ids);
          expect(back.items.ids).toEqual(data.items.ids);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("writes plain text", async () => {
    const path = join(folder, "plain.csv.gz");
    await writeDataset(Dataset.fromRows(rows), path);
    expect(gunzipSync(await readFile(path)).toString()).toBe(
      'user,item,weight,time,type\n"a,b",10,3.3,1577836800000,view\n"q""u\no",7,0.3333333333333333,1609459200000.25,buy\n"a,b",10,-2,,view\n',
    );
    await writeDataset(Dataset.fromRows([{ user: "1", item: 2 }]), join(folder, "plain.jsonl"));
    expect(await readFile(join(folder, "plain.jsonl"), "utf8")).toBe('{"user":"1","item":2}\n');
  });

  it("keeps strings and whole numbers apart in Parquet, and long rows in order", async () => {
    const many = Dataset.fromRows(Array.from({ length: 5000 }, (_, i) => ({ user: String(i % 100), item: i % 77, weight: i })));
    const path = join(folder, "many.parquet");
    await writeDataset(many, path);
    const back = await loadDataset(path, { repeats: "all" });
    expect(back.users.ids).toEqual(many.users.ids);
    expect(back.items.ids).toEqual(many.items.ids);
    expect(back.interactions).toEqual(many.interactions);
  });

  it("leaves the old file and no other when it is stopped or fails", async () => {
    const home = await mkdtemp(join(folder, "stop-"));
    const path = join(home, "data.csv");
    await writeFile(path, "old");
    const controller = new AbortController();
    const stopped = writeDataset(Dataset.fromRows(rows), path, { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(stopped).rejects.toMatchObject({ code: "aborted" });
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(home)).toEqual(["data.csv"]);
    await expect(writeDataset(Dataset.fromRows(rows), join(home, "no/such/folder.csv"))).rejects.toThrow(/^Can't write/);
  });

  it("refuses what it cannot write", async () => {
    const data = Dataset.fromRows([
      { user: 1, item: 1 },
      { user: "1", item: 1 },
    ]);
    await expect(writeDataset(data, join(folder, "x.csv"))).rejects.toThrow(/Two user ids have the same text/);
    await expect(writeDataset(data, join(folder, "x.doc"))).rejects.toThrow(/unknown extension/);
    await expect(writeDataset(data, join(folder, "x.parquet.gz"))).rejects.toThrow(/Remove \.gz/);
  });
});

describe("reading Parquet", () => {
  it("takes any type of column, and names the rows without a user", async () => {
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const path = join(folder, "types.parquet");
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const values = "(9007199254740993::BIGINT, 'x', 4::DECIMAL(3,1), TIMESTAMP '2020-01-01 00:00:00.5'), (2, 'y', 3.5, NULL)";
    await connection.run(`COPY (SELECT * FROM (VALUES ${values}) t("user", item, rating, "timestamp")) TO '${path}' (FORMAT parquet)`);
    const data = await loadDataset(path);
    expect(data.users.ids).toEqual(["9007199254740993", "2"]);
    expect(data.interactions.weight).toEqual(Float64Array.of(4, 3.5));
    expect(data.interactions.time).toEqual(Float64Array.of(Date.UTC(2020) + 500, Number.NaN));
    const bad = join(folder, "bad.parquet");
    await connection.run(
      `COPY (SELECT * FROM (VALUES (1, 2, 'Infinity'::DOUBLE), (NULL, 2, 1)) t("user", item, rating)) TO '${bad}' (FORMAT parquet)`,
    );
    connection.closeSync();
    await expect(loadDataset(bad)).rejects.toThrow(/bad\.parquet:1: the weight "Infinity" is not a number[\s\S]*bad\.parquet:2: no user/);
    await writeFile(bad, "PAR1 but no more");
    await expect(loadDataset(bad)).rejects.toThrow(/Can't read .* as Parquet/);
  });
});
