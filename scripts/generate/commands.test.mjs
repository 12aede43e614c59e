// @ts-check
import { expect, test } from "vitest";
import { commandOf, commandsFile } from "./commands.mjs";

/** @param {string} fields @param {string} [path] */
function problemsOf(fields, path = "src/cli/commands/greet.ts") {
  /** @type {string[]} */
  const problems = [];
  commandOf(path, `export default defineCommand({ ${fields} flags() {}, async run() {} });`, problems);
  return problems;
}

test("the table has what help shows of a command, and loads the rest on demand", () => {
  /** @type {string[]} */
  const problems = [];
  const greet = commandOf(
    "src/cli/commands/greet.ts",
    `export default defineCommand({ name: "greet", description: "Say hello", group: "Data", arguments: { "<name>": "whom" }, flags() {}, async run() {} });`,
    problems,
  );
  expect(problems).toEqual([]);
  const table = commandsFile(greet ? [greet] : []);
  expect(table).toContain('name: "greet",\n    description: "Say hello",\n    group: "Data",\n    arguments: { "<name>": "whom" },');
  expect(table).toContain('load: () => import("./commands/greet.ts")');
  expect(table).not.toContain("flags");
});

test("a definition that help cannot show is rejected with its file", () => {
  const right = `name: "greet", description: "Say hello", group: "Data",`;
  expect(problemsOf(right)).toEqual([]);
  expect(problemsOf(right, "src/cli/commands/hello.ts")).toEqual([
    'src/cli/commands/hello.ts: the command is named "greet", but its file "hello".',
  ]);
  expect(problemsOf(`name: "greet", group: "Data",`)).toEqual([
    "src/cli/commands/greet.ts: the command's description is missing, empty, or not a string literal.",
  ]);
  expect(problemsOf(`${right} arguments: { "<name>": words },`)).toEqual([
    "src/cli/commands/greet.ts: write the command's arguments as string literals.",
  ]);
});

test("a file without a command is rejected", () => {
  /** @type {string[]} */
  const problems = [];
  expect(commandOf("src/cli/commands/words.ts", "export const words = 1;", problems)).toBeUndefined();
  expect(problems).toEqual([expect.stringContaining("src/cli/commands/words.ts: no command found.")]);
});
