import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { version } from "../util/version.ts";
import { captured } from "./testing/captured-run.ts";
import { type SampleFiles, sampleFiles } from "./testing/sample-files.ts";

let files: SampleFiles;

beforeAll(async () => {
  files = sampleFiles();
  for (const name of ["item-knn", "random"]) await captured("train", files.ratings, "--model", name, "--out", files.path(name), "--quiet");
});

afterAll(() => files.remove());

const model = () => files.path("item-knn");
const data = () => files.ratings;

test.each<[string, () => string[], number, RegExp]>([
  ["no command", () => [], 2, /^Usage: recobase/],
  ["an unknown command", () => ["evalute", "x"], 2, /no command "evalute"\. Did you mean evaluate\?/],
  ["an unknown flag", () => ["recommend", model(), "--usr", "4"], 2, /Unknown option '--usr'\. Did you mean --user\?/],
  ["a missing argument", () => ["inspect"], 2, /Missing required argument 'file'\. See "recobase inspect --help"/],
  ["a missing flag", () => ["train", data(), "--model", "popularity"], 2, /--out <file>/],
  ["too many arguments", () => ["models", "popularity", "random"], 2, /[Tt]oo many arguments/],
  ["an unknown model", () => ["evaluate", data(), "--models", "popularity,item-kn"], 2, /no model "item-kn"\. Did you mean item-knn\?/],
  ["an unknown model to show", () => ["models", "populraity"], 2, /Did you mean popularity\?/],
  [
    "an unknown option",
    () => ["train", data(), "--model", "item-knn", "--set", "neighbrs=3", "--out", "x"],
    2,
    /no option "neighbrs"\. Did you mean neighbors\?/,
  ],
  ["an option out of range", () => ["train", data(), "--model", "item-knn", "--set", "neighbors=-3", "--out", "x"], 2, /neighbors must be/],
  [
    "an option that is not a number",
    () => ["train", data(), "--model", "item-knn", "--set", "neighbors=many", "--out", "x"],
    2,
    /neighbors must be/,
  ],
  [
    "an option that could be for several models",
    () => ["evaluate", data(), "--models", "popularity,item-knn", "--set", "neighbors=3"],
    2,
    /as in MODEL\.neighbors=3\. Models: popularity, item-knn/,
  ],
  [
    "an option of a model that isn't listed",
    () => ["evaluate", data(), "--models", "popularity", "--set", "item-knn.neighbors=3"],
    2,
    /doesn't use the model item-knn, only popularity/,
  ],
  [
    "an unknown metric",
    () => ["evaluate", data(), "--models", "popularity", "--metrics", "ndgc"],
    2,
    /Unknown metric: "ndgc"\. Did you mean ndcg\?/,
  ],
  ["an unknown column", () => ["inspect", data(), "--user", "usr"], 2, /no column "usr" for the user\. Did you mean user\?/],
  ["an unknown layout", () => ["inspect", data(), "--layout", "movielens-100"], 2, /Did you mean movielens-100k/],
  ["an unknown split", () => ["evaluate", data(), "--split", "leave-first"], 2, /leave-last/],
  [
    "a flag of another split",
    () => ["evaluate", data(), "--models", "popularity", "--split", "random", "--folds", "3"],
    2,
    /--folds needs --split k-fold, not random/,
  ],
  ["k of 0", () => ["recommend", model(), "--user", "1", "--k", "0"], 2, /--k .*at least 1/],
  ["broken JSON in a history", () => ["recommend", model(), "--history", "[1,"], 2, /starts like JSON/],
  ["user and history", () => ["recommend", model(), "--user", "1", "--history", "50"], 2, /not both/],
  ["no user and no history", () => ["recommend", model()], 2, /Missing user: pass --user ID/],
  ["an output file with an unknown extension", () => ["recommend", model(), "--user", "1", "--out", "x.xlsx"], 2, /must end in \.csv/],
  ["an invalid date", () => ["inspect", data(), "--from", "yesterday"], 2, /"yesterday" is not a time/],
  ["an unknown user", () => ["recommend", model(), "--user", "420"], 1, /No user "420" among the 80 known\. Did you mean/],
  ["an unknown item in a history", () => ["recommend", model(), "--history", "50,1811"], 1, /No item "1811" .* Did you mean .*181/],
  ["an unknown item", () => ["similar", model(), "--item", "500"], 1, /No item "500" .* Did you mean .*50/],
  ["a missing file", () => ["inspect", files.path("rating.csv")], 1, /No such file: .*rating\.csv\. Did you mean ratings\.csv/],
  ["a missing model file", () => ["similar", files.path("kn.safetensors"), "--item", "50"], 1, /kn\.safetensors/],
  ["a folder instead of a model file", () => ["train", data(), "--model", "popularity", "--out", files.folder], 2, /is a folder/],
  ["a file instead of a folder", () => ["split", data(), "--out", data(), "--quiet"], 2, /ratings\.csv is a file, not a folder/],
  ["a missing folder", () => ["train", data(), "--model", "popularity", "--out", files.path("no/where")], 1, /there is no folder/],
  ["a filter that leaves nothing", () => ["inspect", data(), "--min-rating", "9"], 1, /No interactions left: --min-rating removed all 800/],
  ["similar with a model that doesn't support it", () => ["similar", files.path("random"), "--item", "50"], 1, /can't find similar items/],
])("%s", async (_name, argv, expected, message) => {
  const { code, output, errors } = await captured(...argv());
  expect(errors.replace(/^recobase: /m, "")).toMatch(message);
  expect([code, output]).toEqual([expected, ""]);
  expect(errors).not.toMatch(/\n {4}at /);
});

test("truncated, damaged and foreign model files are rejected", async () => {
  const whole = readFileSync(model());
  const damaged = Uint8Array.from(whole);
  damaged[damaged.length - 9] ^= 1;
  const broken: [string, Uint8Array, RegExp][] = [
    ["cut", whole.subarray(0, whole.length - 100), /truncated/],
    ["short", whole.subarray(0, 5), /short/],
    ["damaged", damaged, /damaged|checksum/],
    ["foreign", new TextEncoder().encode("user,item\n1,2\n"), /not a safetensors file/],
  ];
  for (const [name, bytes, message] of broken) {
    writeFileSync(files.path(name), bytes);
    const { code, errors } = await captured("recommend", files.path(name), "--user", "1");
    expect(code).toBe(1);
    expect(errors).toMatch(message);
    expect(errors.trim().split("\n").length).toBeLessThanOrEqual(2);
  }
});

test("bad rows are shown with file, line and value; --on-error skip counts them", async () => {
  const lines = readFileSync(files.ratings, "utf8").split("\n");
  lines[4] = lines[4].replace(/^(\d+),(\d+),\d+/, "$1,$2,great");
  writeFileSync(files.path("bad.csv"), lines.join("\n"));
  const failed = await captured("inspect", files.path("bad.csv"));
  expect(failed.code).toBe(1);
  expect(failed.errors).toMatch(/bad\.csv:5: .*"great"/);
  const skipped = await captured("inspect", files.path("bad.csv"), "--on-error", "skip");
  expect(skipped.code).toBe(0);
  expect(skipped.errors).toMatch(/bad rows +1 row left out/);
});

test("--help and --version succeed on standard output", async () => {
  for (const argv of [["--help"], ["-h"], ["help"], ["help", "split"], ["evaluate", "--help"], ["recommend", "--help"]]) {
    const { code, output, errors } = await captured(...argv);
    expect([code, errors]).toEqual([0, ""]);
    expect(output).toMatch(/^Usage: recobase/);
    expect(Math.max(...output.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  }
  expect((await captured("--version")).output).toBe(`${version}\n`);
});

test("messages of the library name flags in place of options", async () => {
  writeFileSync(files.path("one.csv"), "user\nann\nben\n");
  const one = await captured("inspect", files.path("one.csv"));
  expect(one.errors).toContain("Specify it with --item.");
  writeFileSync(files.path("bad.csv"), "user,item,rating\nann,tea,high\nben,tea,3\n");
  const bad = await captured("inspect", files.path("bad.csv"));
  expect(bad.errors).toMatch(/or pass --on-error skip to leave/);
  for (const { errors } of [one, bad]) expect(errors).not.toMatch(/the option|onError/);
});
