// @ts-check
import { expect, test } from "vitest";
import { browserProblems, layerProblems, violations } from "./layers.mjs";

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
