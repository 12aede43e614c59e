// @ts-check
import { expect, test } from "vitest";
import { definitionProblems } from "../../src/pipeline/definition.ts";
import { kindProblems } from "./kinds.mjs";

/** @param {object} change @param {{ path?: string, constant?: string }} [place] */
function defined(change, { path = "src/pipeline/sources/by-color.ts", constant = "byColor" } = {}) {
  return { path, constant, definition: { kind: "by-color", description: "Items of one color.", options: {}, ...change } };
}

/** @param {readonly ReturnType<typeof defined>[]} found */
function problemsOf(...found) {
  return kindProblems(found, (definition) => definitionProblems(definition, { name: {} })).join("\n");
}

test("a kind in its own file is accepted", () => {
  expect(problemsOf(defined({}), defined({ kind: "newest" }, { path: "a/newest.ts", constant: "newest" }))).toBe("");
});

test.each([
  [[defined({ kind: "by-size" })], "file, constant and kind must match, but are by-color, byColor, by-size"],
  [[defined({}, { constant: "byColour" })], "file, constant and kind must match"],
  [[defined({}), defined({}, { path: "other/by-color.ts" })], "the kind by-color is already defined in src/pipeline/sources/by-color.ts"],
  [[defined({ description: " " })], "by-color.ts: Its description is missing."],
  [[defined({ options: { shade: { type: "string" } } })], "The option shade needs a description."],
  [[defined({ options: { name: { description: "A name." } } })], "The option name is already an option of every kind"],
  [[defined({ kind: "By Color" })], "must be 1 to 64 of a-z"],
])("%j is rejected", (found, problem) => {
  expect(problemsOf(...found)).toContain(problem);
});
