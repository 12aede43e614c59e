// @ts-check
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { examplesOf, programOf, writeExamples } from "./examples.mjs";

const examples = await writeExamples();
const root = process.cwd();
let folder = root;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recobase-examples-"));
  await cp("scripts/examples", folder, { recursive: true });
  process.chdir(folder);
});

afterAll(async () => {
  process.chdir(root);
  await rm(folder, { recursive: true });
});

describe("the examples in the documentation give the values they state", () => {
  for (const { name, path, runs } of examples)
    if (runs)
      test(name, async () => {
        Object.assign(globalThis, {
          check: (/** @type {unknown} */ actual, /** @type {unknown} */ expected, /** @type {number} */ line) =>
            expect(plain(actual), `${name.replace(/\d+$/, "")}${line}`).toEqual(plain(expected)),
        });
        await import(/* @vite-ignore */ resolve(root, path));
      });
});

/**
 * Values as an example would write them: arrays for typed arrays, six digits, plain objects without undefined fields.
 *
 * @param {unknown} value
 * @returns {unknown}
 */
function plain(value) {
  if (typeof value === "number") return Number(value.toPrecision(6));
  if (ArrayBuffer.isView(value)) return Array.from(/** @type {Float32Array} */ (value), plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}

test("finds examples in comments and pages, with their lines and the files they name", () => {
  const comment = "/**\n * Text.\n *\n * ```ts\n * f(\n *   1,\n * ); // 2\n * ```\n */\n";
  expect(examplesOf("src/a.ts", comment)).toEqual([{ path: "src/a.ts", line: 5, file: undefined, text: "f(\n  1,\n); // 2\n" }]);
  const page = "```sh\nls\n```\n\n```ts src/b.ts\nexport {};\n```\n";
  expect(examplesOf("PAGE.md", page)).toEqual([{ path: "PAGE.md", line: 6, file: "src/b.ts", text: "export {};\n" }]);
});

test("checks values after statements, but not prose", () => {
  const text =
    "f(1); // [{ item: 'a', score: -4 }]\nconst x = 2; // 2\nconsole.log(x); // 2\ng(); // a stranger: the same call\nh(); // soon\n";
  expect(programOf({ path: "a.ts", line: 10, file: undefined, text }).split("\n").slice(1, 6)).toEqual([
    " check(f(1), [{ item: 'a', score: -4 }], 10); // [{ item: 'a', score: -4 }]",
    "const x = 2; check(x, 2, 11); // 2",
    " check(x, 2, 12); // 2",
    "g(); // a stranger: the same call",
    "h(); // soon",
  ]);
});
