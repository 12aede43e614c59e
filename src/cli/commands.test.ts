import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { registry } from "../models/registry.gen.ts";
import { realData } from "../testing/real-data.ts";
import { captured } from "./testing/captured-run.ts";
import { type SampleFiles, sampleFiles } from "./testing/sample-files.ts";

let files: SampleFiles;

async function json(...argv: string[]) {
  const { code, output, errors } = await captured(...argv, "--json", "--quiet");
  expect([code, errors]).toEqual([0, ""]);
  return JSON.parse(output);
}

beforeAll(async () => {
  files = sampleFiles();
  await json("train", files.ratings, "--model", "item-knn", "--set", "neighbors=30", "--out", files.path("knn.safetensors"));
  await json("train", files.movielens, "--layout", "movielens-100k", "--model", "item-knn", "--out", files.path("titled.safetensors"));
});

afterAll(() => files.remove());

describe("recommend", () => {
  test("a user and an anonymous user with the same history get the same list", async () => {
    const rows = readFileSync(files.ratings, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(",").map(Number));
    const history = rows.filter(([user]) => user === 42).map(([, item, weight]) => ({ item, weight }));
    const user = await json("recommend", files.path("knn.safetensors"), "--user", "42");
    const anonymous = await json("recommend", files.path("knn.safetensors"), "--history", JSON.stringify(history));
    expect(user.results[0].user).toBe(42);
    expect(user.results[0].items).toHaveLength(10);
    expect(anonymous.results[0].items).toEqual(user.results[0].items);
  });

  test("recommends items that match the taste of the history", async () => {
    const { results } = await json("recommend", files.path("knn.safetensors"), "--history", "50,181", "--k", "5");
    // Users who like 50 and 181 like items below 220; the others like items from 220 on, and 51 and 182.
    for (const { item } of results[0].items) expect(item).toBeLessThan(220);
    expect(results[0].items.map(({ item }: { item: number }) => item)).not.toContain(50);
  });

  test("--include-seen, --exclude and --candidates change the list", async () => {
    const model = files.path("knn.safetensors");
    const items = async (...flags: string[]) =>
      (await json("recommend", model, "--history", "50,181", ...flags)).results[0].items.map(({ item }: { item: number }) => item);
    const usual = await items();
    expect(await items("--exclude", `${usual[0]},${usual[1]}`, "--k", "3")).toEqual(usual.slice(2, 5));
    expect(await items("--candidates", `[${usual[4]}, ${usual[2]}]`)).toEqual([usual[2], usual[4]]);
    expect(await items("--include-seen", "--k", "40")).toContain(50);
  });

  test("the table shows titles if the data has them", async () => {
    const { output } = await captured("recommend", files.path("titled.safetensors"), "--user", "42", "--k", "3");
    expect(output).toMatch(/^For user 42 \(10 interactions\), from item-knn:\n/);
    expect(output).toMatch(/\n {2}1 {2}\d+ {2,}Film \d+ \(1990\) +\d/);
    expect(Math.max(...output.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test("--all-users writes the same lists to CSV, JSON Lines and Parquet", async () => {
    const model = files.path("titled.safetensors");
    const { results } = await json("recommend", model, "--user", "42", "--k", "4");
    for (const ending of ["csv", "tsv", "jsonl", "parquet"]) {
      const document = await json("recommend", model, "--all-users", "--k", "4", "--out", files.path(`lists.${ending}`));
      expect(document).toMatchObject({ schema: "recobase/recommend-file@1", queries: 80, rows: 320 });
    }
    const lines = readFileSync(files.path("lists.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const own = lines.filter(({ user }) => user === 42);
    expect(own.map(({ item, score, title }) => ({ item, score, title }))).toEqual(results[0].items);
    expect(own.map(({ rank }) => rank)).toEqual([1, 2, 3, 4]);
    const csv = readFileSync(files.path("lists.csv"), "utf8").trim().split("\n");
    expect(csv[0]).toBe("user,rank,item,score,title");
    expect(csv).toHaveLength(321);
    expect(csv).toContain(`42,1,${own[0].item},${own[0].score},${own[0].title}`);
    expect(readFileSync(files.path("lists.tsv"), "utf8").replaceAll("\t", ",")).toBe(readFileSync(files.path("lists.csv"), "utf8"));
    const parquet = await json("convert", files.path("lists.parquet"), "--rating", "score", "--out", files.path("back.csv"));
    expect(parquet).toMatchObject({ interactions: 320, users: 80 });
  });

  test("a model saved without histories has no users, and gives the same answers for histories", async () => {
    const path = files.path("private.safetensors");
    await json("train", files.ratings, "--model", "item-knn", "--set", "neighbors=30", "--no-histories", "--out", path);
    const { code, errors } = await captured("recommend", path, "--user", "42");
    expect(code).toBe(1);
    expect(errors).toContain("--history");
    const [own, other] = await Promise.all(
      [path, files.path("knn.safetensors")].map((model) => json("recommend", model, "--history", "50")),
    );
    expect(own).toEqual(other);
  });
});

describe("similar and explain", () => {
  test("the items most similar to 50 match its taste", async () => {
    const { results } = await json("similar", files.path("titled.safetensors"), "--item", "50", "--k", "3");
    expect(results[0]).toMatchObject({ item: 50, title: "Film 50 (1990)" });
    for (const { item } of results[0].items) expect(item).toBeLessThan(220);
  });

  test("the reasons for an item add up to its score", async () => {
    const { results } = await json("explain", files.path("knn.safetensors"), "--history", "50,181", "--item", "203", "--k", "10");
    const [{ score, reasons }] = results[0].items;
    expect(reasons).toHaveLength(2);
    expect(reasons[0].contribution + reasons[1].contribution).toBeCloseTo(score, 4);
  });

  test("without --item, the top three recommendations are explained", async () => {
    const top = await json("recommend", files.path("knn.safetensors"), "--user", "7", "--k", "3");
    const { results } = await json("explain", files.path("knn.safetensors"), "--user", "7");
    expect(results[0].items.map(({ item }: { item: number }) => item)).toEqual(
      top.results[0].items.map(({ item }: { item: number }) => item),
    );
  });
});

describe("evaluate", () => {
  test("item-knn beats popularity, and popularity beats random, on users with two tastes", async () => {
    const { models } = await json(
      "evaluate",
      files.ratings,
      "--models",
      "random,popularity,item-knn",
      "--metrics",
      "ndcg",
      "--split",
      "random",
    );
    const [random, popularity, knn] = models.map((model: { metrics: Record<string, { value: number }> }) => model.metrics["ndcg@10"].value);
    expect(knn).toBeGreaterThan(popularity);
    expect(popularity).toBeGreaterThan(random);
  });

  test.each([
    [["--split", "leave-last", "--leave", "2"], { testInteractions: 160, testUsers: 80 }],
    [["--split", "random", "--test-share", "0.3"], { testInteractions: 240, testUsers: 80 }],
    [["--split", "held-out", "--test-share", "0.25"], { testUsers: 20, testInteractions: 40 }],
  ])("%j", async (flags, data) => {
    expect((await json("evaluate", files.ratings, "--models", "popularity", ...flags)).data).toMatchObject(data);
  });

  test.each(["2024-03-01", "2024-03", String(Date.UTC(2024, 2, 1) / 1000)])("a split at %s trains on earlier interactions", async (at) => {
    const rows = readFileSync(files.ratings, "utf8").trim().split("\n").slice(1);
    const before = rows.filter((row) => Number(row.split(",")[3]) < Date.UTC(2024, 2, 1) / 1000).length;
    const { data } = await json("evaluate", files.ratings, "--models", "popularity", "--split", "time", "--at", at);
    expect(data.trainInteractions).toBe(before);
  });

  test("the same seed gives the same metrics, another seed gives others", async () => {
    const metricsWith = async (seed: string) =>
      (await json("evaluate", files.ratings, "--models", "item-knn", "--split", "random", "--seed", seed)).models[0].metrics;
    expect(await metricsWith("3")).toEqual(await metricsWith("3"));
    expect(await metricsWith("3")).not.toEqual(await metricsWith("4"));
  });

  test("filters are applied and recorded", async () => {
    const { data } = await json(
      "evaluate",
      files.ratings,
      "--models",
      "popularity",
      "--min-rating",
      "4",
      "--k-core",
      "3",
      "--to",
      "2024-06-01",
    );
    const steps = data.provenance.train.map(({ step }: { step: string }) => step);
    expect(steps).toEqual(expect.arrayContaining(["load", "minimum-weight", "time-range", "k-core", "split"]));
    expect(data.trainInteractions + data.testInteractions).toBeLessThan(800);
  });

  test("--set applies to the model it names", async () => {
    const { models } = await json("evaluate", files.ratings, "--models", "popularity,item-knn", "--set", "item-knn.neighbors=7");
    expect(models[1].options.neighbors).toBe(7);
  });

  test("--test uses the test file as it is", async () => {
    await json("split", files.ratings, "--split", "leave-last", "--out", files.path("parts"));
    const own = await json("evaluate", files.path("parts/train.csv"), "--test", files.path("parts/test.csv"), "--models", "item-knn");
    const cut = await json("evaluate", files.ratings, "--models", "item-knn", "--split", "leave-last");
    expect(own.models[0].metrics).toEqual(cut.models[0].metrics);
  });

  test("k-fold tests every interaction once, and reports mean and deviation", async () => {
    const { folds, models } = await json(
      "evaluate",
      files.ratings,
      "--models",
      "popularity,item-knn",
      "--split",
      "k-fold",
      "--folds",
      "4",
      "--metrics",
      "ndcg",
    );
    expect(folds.map(({ data }: { data: { testInteractions: number } }) => data.testInteractions)).toEqual([200, 200, 200, 200]);
    const values = folds.map(
      (fold: { models: { metrics: Record<string, { value: number }> }[] }) => fold.models[1].metrics["ndcg@10"].value,
    );
    expect(models[1].metrics["ndcg@10"].mean).toBeCloseTo(values.reduce((sum: number, value: number) => sum + value) / 4, 12);
    expect(models[1].metrics["ndcg@10"].deviation).toBeGreaterThan(0);
  });

  test("prints a table and a warning about sampled candidates, and writes a report", async () => {
    const { code, output } = await captured(
      "evaluate",
      files.ratings,
      "--models",
      "popularity,item-knn",
      "--sampled",
      "10",
      "--html",
      files.path("report.html"),
    );
    expect(code).toBe(0);
    expect(output).toMatch(/item-knn +\.\d{4}/);
    expect(output).toContain("Warning: Only 10 random items");
    expect(readFileSync(files.path("report.html"), "utf8")).toMatch(/^<!doctype html>/i);
  });
});

describe("inspect, split, convert, models", () => {
  test("inspect prints the verdict and the reason for it", async () => {
    const { output } = await captured("inspect", files.ratings);
    expect(output).toContain("800 interactions of 80 users with 40 items");
    expect(output).toMatch(/Yes, this data supports personalized recommendations/);
    expect(output.replace(/\s+/g, " ")).toMatch(/item-knn has an NDCG@10 of 0\.\d+, compared with 0\.\d+ for popularity/);
    expect(Math.max(...output.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test("inspect counts repeats, which other commands merge", async () => {
    const text = readFileSync(files.ratings, "utf8");
    writeFileSync(files.path("twice.csv"), text + text.split("\n").slice(1).join("\n"));
    expect((await json("inspect", files.path("twice.csv"))).repeats).toMatchObject({ repeatedPairs: 800, duplicateRows: 800 });
  });

  test("the parts written by split add up to the whole", async () => {
    const { files: parts } = await json(
      "split",
      files.ratings,
      "--split",
      "held-out",
      "--seed",
      "5",
      "--out",
      files.path("held"),
      "--as",
      "jsonl.gz",
    );
    expect(parts.map(({ part }: { part: string }) => part)).toEqual(["train", "test", "history"]);
    expect(parts.reduce((sum: number, part: { interactions: number }) => sum + part.interactions, 0)).toBe(800);
    expect(readdirSync(files.path("held")).sort()).toEqual(["history.jsonl.gz", "test.jsonl.gz", "train.jsonl.gz"]);
    const folds = await json("split", files.ratings, "--split", "k-fold", "--folds", "2", "--out", files.path("folds"));
    expect(folds.files.map(({ part }: { part: string }) => part)).toEqual(["fold-1-train", "fold-1-test", "fold-2-train", "fold-2-test"]);
  });

  test("data survives conversion through every format, gzipped or not", async () => {
    let from = files.ratings;
    for (const name of ["a.parquet", "b.jsonl", "c.tsv.gz", "d.csv"]) {
      await json("convert", from, "--out", files.path(name));
      from = files.path(name);
    }
    const rows = (path: string) => readFileSync(path, "utf8").trim().split("\n").slice(1);
    const expected = rows(files.ratings).map((row) => `${row}000`);
    expect(rows(from)).toEqual(expected);
    writeFileSync(files.path("zipped.csv.gz"), gzipSync(readFileSync(files.ratings)));
    expect(await json("convert", files.path("zipped.csv.gz"), "--out", files.path("e.csv"))).toMatchObject({ interactions: 800 });
  });

  test("--session, --basket and --context read their columns, and convert keeps them", async () => {
    const visits = files.path("visits.csv");
    writeFileSync(visits, "user,item,visit,receipt,device,hour\nann,a,v1,o1,phone,8\nann,b,v1,,desk,9\nbob,a,v2,o2,phone,10\n");
    const out = files.path("visits.jsonl");
    await json("convert", visits, "--session", "visit", "--basket", "receipt", "--context", "device,hour", "--out", out);
    expect(readFileSync(out, "utf8").split("\n")[1]).toBe('{"user":"ann","item":"b","session":0,"basket":1,"device":"desk","hour":9}');
    const { provenance } = await json("inspect", visits, "--context", "device");
    expect(provenance[0].columns.context).toEqual([{ name: "device", index: 4, by: "given" }]);
    const { code, errors } = await captured("inspect", visits, "--session", "vist");
    expect(code).not.toBe(0);
    expect(errors).toContain('There is no column "vist" for the session. Did you mean visit?');
  });

  test("models lists every registered model, and shows the options of each", async () => {
    const { models } = await json("models");
    expect(models.map(({ name }: { name: string }) => name).sort()).toEqual(Object.keys(registry).sort());
    for (const name of Object.keys(registry)) {
      const { output } = await captured("models", name);
      for (const option of Object.keys(registry[name].definition.options)) expect(output).toContain(`  ${option} = `);
    }
  });
});

const ml100k = realData("ml-100k");

test.skipIf(ml100k === undefined)(
  "MovieLens 100K: personalized models beat popularity, and Star Wars is most similar to its sequels",
  async () => {
    const found = await json("inspect", ml100k as string, "--layout", "movielens-100k");
    expect(found.counts).toMatchObject({ interactions: 100_000, users: 943, items: 1682 });
    expect(found.verdict.answer).toBe("personalize");
    await json("train", ml100k as string, "--layout", "movielens-100k", "--model", "item-knn", "--out", files.path("films"));
    const { results } = await json("similar", files.path("films"), "--item", "50", "--k", "3");
    expect(results[0].items.map(({ title }: { title: string }) => title)).toContain("Return of the Jedi (1983)");
  },
);
