// @ts-check
import { expect, test } from "vitest";
import { browserProblems, cycleProblems, layerProblems, violations } from "./layers.mjs";

test("imports of the sources go one way, and a browser can load what the index loads", async () => {
  expect(await layerProblems()).toEqual([]);
});

test("an import upwards is found, whatever its form", () => {
  for (const statement of [
    `import { evaluate } from "../evaluate/evaluate.ts";`,
    `import type { Table } from "../evaluate/table.ts";`,
    `export * from "../evaluate/table.ts";`,
    `const { table } = await import("../evaluate/table.ts");`,
    `type Table = import("../evaluate/table.ts").Table;`,
  ])
    expect(violations("src/model/model.ts", `\n${statement}`)).toEqual([
      expect.stringMatching(/^src\/model\/model\.ts:2: model may not import evaluate/),
    ]);
});

test("rooms on one floor do not import one another; a room imports itself and all below", () => {
  expect(violations("src/models/linear/ease.ts", `import { ndcg } from "../../metrics/ndcg.ts";`)).toHaveLength(1);
  expect(
    violations("src/models/linear/ease.ts", `import { als } from "../factorization/als.ts"; import { gemm } from "../../kernel/gemm.ts";`),
  ).toEqual([]);
  expect(violations("src/kernel/gemm.ts", `import { Dataset } from "../data/dataset.ts";`)).toHaveLength(1);
  expect(violations("src/util/errors.ts", `import { Dataset } from "../index.ts";`)).toHaveLength(1);
});

test("a room without a floor is found", () => {
  expect(violations("src/drawer/things.ts", "")).toEqual([expect.stringContaining("has no floor yet")]);
});

test("a static import of a Node module is found through others, one inside a function is not", async () => {
  const files = new Map([
    ["src/index.ts", `export { read } from "./data/read.ts"; import type { Url } from "node:url";`],
    ["src/data/read.ts", `import { readFile } from "node:fs";\nexport const read = () => import("node:os");`],
  ]);
  const problems = await browserProblems("src/index.ts", async (path) => files.get(path) ?? "");
  expect(problems).toEqual([expect.stringMatching(/^src\/data\/read\.ts:1: a browser cannot load "node:fs"/)]);
});

test("files that import one another are found with the way around, types included, once for each way", () => {
  const sources = new Map([
    ["src/evaluate/a.ts", `import { b } from "./b.ts";`],
    ["src/evaluate/b.ts", `import type { C } from "./c.ts"; export const b = () => import("./a.ts");`],
    ["src/evaluate/c.ts", `export * from "./a.ts"; import "./d.ts";`],
    ["src/evaluate/d.ts", `import { Command } from "commander";`],
    ["src/metrics/own.ts", `export type Own = import("./own.ts").Own;`],
  ]);
  const found = cycleProblems(sources);
  expect(found.map((problem) => /: (.*?)\. /.exec(problem)?.[1])).toEqual([
    "src/evaluate/a.ts -> src/evaluate/b.ts -> src/evaluate/a.ts",
    "src/evaluate/a.ts -> src/evaluate/b.ts -> src/evaluate/c.ts -> src/evaluate/a.ts",
    "src/metrics/own.ts -> src/metrics/own.ts",
  ]);
});
