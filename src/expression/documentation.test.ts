import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile } from "./compile.ts";
import { numbers } from "./evaluate.ts";
import { functions } from "./functions.ts";
import { limits } from "./limits.ts";
import { typeWords } from "./value-type.ts";

const page = readFileSync(new URL("../../docs/expressions.md", import.meta.url), "utf8");
const flat = page.replaceAll(/\s+/g, " ");

function section(title: string): string {
  return page.split("\n## ").find((part) => part.startsWith(`${title}\n`)) ?? "";
}

describe("docs/expressions.md", () => {
  it("lists exactly the functions in the code, with the same descriptions", () => {
    const rows = [...functions.values()].map(
      ({ signature, result, about }) =>
        `| \`${signature}\` | ${result === "same" ? "the type of its arguments" : typeWords(result)} | ${about} |`,
    );
    expect(
      section("Functions")
        .split("\n")
        .filter((line) => line.startsWith("| `")),
    ).toEqual(rows);
  });

  it("has signatures that start with the name of the function", () => {
    for (const [name, { signature }] of functions) expect(signature.startsWith(`${name}(`)).toBe(true);
  });

  it("has examples that compile", () => {
    const properties = {
      price: "number",
      category: "category",
      published: "time",
      expires: "time",
      location: "place",
      tags: "categories",
    } as const;
    const [, examples = ""] = /```text\n([^`]*)```/.exec(page) ?? [];
    const lines = examples.trim().split("\n");
    expect(lines).toHaveLength(4);
    for (const line of lines) compile(line, { properties, result: line.startsWith("if") ? "number" : "boolean" });
  });

  it("shows the correct results with null", () => {
    const properties = { price: "number", stock: "number", tags: "categories" } as const;
    const columns = {
      price: { type: "number", values: Float64Array.of(10) },
      stock: { type: "number", values: Float64Array.of(Number.NaN) },
      tags: { type: "categories", offsets: Uint32Array.of(0, 2), codes: Uint32Array.of(0, 1), names: ["dark", "long"] },
    } as const;
    const rows = [...section("Null").matchAll(/^\| `(.*)` \| `(.*)` \|$/gm)];
    expect(rows.length).toBeGreaterThan(10);
    for (const [, source, given] of rows) {
      const out = new Float64Array(1);
      // Either type, whichever compiles.
      const compiled = ["boolean", "number"].flatMap((result) => {
        try {
          return [compile(source, { properties, result: result as "boolean" })];
        } catch {
          return [];
        }
      });
      expect(compiled, source).toHaveLength(1);
      numbers(compiled[0], columns, Uint32Array.of(0), { now: 0 }, out);
      const value = Number.isNaN(out[0]) ? "null" : compiled[0].result === "boolean" ? String(out[0] === 1) : String(out[0]);
      expect(value, source).toBe(given);
    }
  });

  it("states the limits", () => {
    const english = (value: number) => value.toLocaleString("en-US");
    expect(flat).toContain(
      `At most ${english(limits.source)} characters, ${english(limits.nodes)} parts (names, constants, operators, calls), ${limits.depth} levels of nesting, ` +
        `${limits.list} members in a list literal, ${english(limits.parameterList)} in a list parameter, and ${english(limits.text)} characters in a text.`,
    );
  });
});
