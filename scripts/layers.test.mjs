// @ts-check
import { expect, test } from "vitest";
import { browserProblems, cycleProblems, layerProblems, violations } from "./layers.mjs";

test("imports in src go one way, and a browser can load the index", async () => {
  expect(await layerProblems()).toEqual([]);
});

test("finds upward imports of every form", () => {
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

test("rooms on the same floor may not import each other; a room may import itself and all below", () => {
  expect(violations("src/models/linear/ease.ts", `import { ndcg } from "../../metrics/ndcg.ts";`)).toHaveLength(1);
  expect(
    violations("src/models/linear/ease.ts", `import { als } from "../factorization/als.ts"; import { gemm } from "../../kernel/gemm.ts";`),
  ).toEqual([]);
  expect(violations("src/kernel/gemm.ts", `import { Dataset } from "../data/dataset.ts";`)).toHaveLength(1);
  expect(violations("src/util/errors.ts", `import { Dataset } from "../index.ts";`)).toHaveLength(1);
});

test("finds a room without a floor", () => {
  expect(violations("src/drawer/things.ts", "")).toEqual([expect.stringContaining("has no floor.")]);
});

test("finds static imports of Node modules, also through other files, but allows them inside functions", async () => {
  const files = new Map([
    ["src/index.ts", `export { read } from "./data/read.ts"; import type { Url } from "node:url";`],
    ["src/data/read.ts", `import { readFile } from "node:fs";\nexport const read = () => import("node:os");`],
  ]);
  const problems = await browserProblems("src/index.ts", async (path) => files.get(path) ?? "");
  expect(problems).toEqual([expect.stringMatching(/^src\/data\/read\.ts:1: browsers cannot load "node:fs"/)]);
});

test("finds import cycles, including types, each cycle once", () => {
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
