// @ts-check
// Turns the examples in the documentation into programs: every ```ts fence in a comment of src or in a Markdown file.
//
// - `expression; // value` states the value of the expression. Only a literal counts as a value; any other comment is prose.
// - A fence that names a file (```ts src/models/popularity/loudest.ts) is that file; later fences on the page may import it.
// - Examples run in a folder with ratings.csv and the other files of scripts/examples/.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, normalize, relative } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { filesUnder } from "./generate/files.mjs";

export const FOLDER = ".cache/examples";

/**
 * @typedef {object} Example
 * @property {string} path the file that contains it
 * @property {number} line number of its first line, from 1
 * @property {string | undefined} file the file that it names, if any
 * @property {string} text
 */

/**
 * @param {string} path
 * @param {string} text
 * @returns {Example[]}
 */
export function examplesOf(path, text) {
  /** @type {Example[]} */
  const found = [];
  /** @type {Example & { margin: string } | undefined} */
  let open;
  text.split("\n").forEach((line, index) => {
    const [, margin = "", info] = /^(\s*(?:\* ?)?)```(.*)$/.exec(line) ?? [];
    if (open !== undefined) {
      if (info === "") {
        found.push({ path: open.path, line: open.line, file: open.file, text: open.text });
        open = undefined;
      } else open.text += `${line.startsWith(open.margin) ? line.slice(open.margin.length) : line.trimStart().replace(/^\*/, "")}\n`;
    } else if (info?.split(" ")[0] === "ts") open = { path, line: index + 2, file: /\S+\.ts$/.exec(info)?.[0], text: "", margin };
  });
  return found;
}

/** All examples in the sources and the documentation. */
export async function allExamples() {
  // The pages of models repeat the comments.
  const pages = (await filesUnder("docs", ".md")).filter((path) => !path.startsWith("docs/models/"));
  const paths = [...(await filesUnder("src")), "README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", ...pages];
  return (await Promise.all(paths.map(async (path) => examplesOf(path, await readFile(path, "utf8"))))).flat();
}

/**
 * The program of an example: each statement followed by a value passes both to `check(actual, expected, line)`.
 *
 * @param {Example} example
 */
export function programOf({ path, line, file, text }) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  let program = "";
  let done = 0;
  for (const statement of source.statements) {
    const comment = ts.getTrailingCommentRanges(text, statement.end)?.[0];
    const value = comment && text.slice(comment.pos + 2, comment.end).trim();
    const actual = subject(statement);
    if (actual === undefined || value === undefined || !isLiteral(value)) continue;
    const from = ts.isExpressionStatement(statement) ? statement.getStart() : statement.end;
    const at = line + source.getLineAndCharacterOfPosition(statement.end).line;
    program += `${text.slice(done, from)} check(${actual}, ${value}, ${at});`;
    done = statement.end;
  }
  program += text.slice(done);
  if (file !== undefined) program = relocate(program, file);
  // Only modules may use top-level await, and an export makes the file a module.
  return `// ${path}:${line}\n${program}\nexport {};\n`;
}

/**
 * The expression whose value the comment after a statement states.
 *
 * @param {ts.Statement} statement
 */
function subject(statement) {
  if (ts.isVariableStatement(statement)) {
    const { name } = statement.declarationList.declarations[0];
    return ts.isIdentifier(name) ? name.text : undefined;
  }
  if (!ts.isExpressionStatement(statement)) return undefined;
  const { expression } = statement;
  const logged = ts.isCallExpression(expression) && expression.expression.getText() === "console.log" && expression.arguments.length === 1;
  return (logged ? expression.arguments[0] : expression).getText();
}

/** @param {string} text */
function isLiteral(text) {
  const source = ts.createSourceFile("value.ts", `(${text})`, ts.ScriptTarget.Latest, true);
  const [statement] = source.statements;
  if (source.statements.length !== 1 || !ts.isExpressionStatement(statement) || !ts.isParenthesizedExpression(statement.expression))
    return false;
  if (statement.end !== source.text.length) return false;
  /** @param {ts.Expression} node @returns {boolean} */
  const literal = (node) => {
    if (ts.isArrayLiteralExpression(node)) return node.elements.every(literal);
    if (ts.isObjectLiteralExpression(node))
      return node.properties.every((entry) => ts.isPropertyAssignment(entry) && literal(entry.initializer));
    if (ts.isPrefixUnaryExpression(node)) return literal(node.operand);
    if (ts.isIdentifier(node)) return ["undefined", "NaN", "Infinity"].includes(node.text);
    return (
      ts.isLiteralExpression(node) || [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword].includes(node.kind)
    );
  };
  return literal(statement.expression.expression);
}

/**
 * Points the relative imports of a file shown on a page to the repository.
 *
 * @param {string} program
 * @param {string} file the path given on the page
 */
function relocate(program, file) {
  return program.replaceAll(/(from ")(\.[^"]+)(")/g, (_, before, path, after) => {
    const target = relative(FOLDER, normalize(join(dirname(file), path)));
    return `${before}${target}${after}`;
  });
}

/**
 * Writes every example to a file and returns the paths; `runs` is false for files that others import.
 *
 * @returns {Promise<{ name: string, path: string, runs: boolean }[]>}
 */
export async function writeExamples() {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  await writeFile(
    `${FOLDER}/check.d.ts`,
    "/** Compares the value of an expression with the one that the example states. */\ndeclare function check(actual: unknown, expected: unknown, line: number): void;\n",
  );
  const examples = await allExamples();
  return await Promise.all(
    examples.map(async (example) => {
      const { path, line, file } = example;
      const target = `${FOLDER}/${file?.split("/").at(-1) ?? `${path.replaceAll(/[/.]/g, "-")}-${line}.ts`}`;
      await writeFile(target, programOf(example));
      return { name: `${path}:${line}`, path: target, runs: file === undefined };
    }),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) console.log(`${(await writeExamples()).length} examples`);
