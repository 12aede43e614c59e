import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captured } from "./testing/captured-run.ts";
import { type SampleFiles, sampleFiles } from "./testing/sample-files.ts";

const page = readFileSync(new URL("../../docs/json-output.md", import.meta.url), "utf8");
/** All schemas in the code. */
const written = (readdirSync(new URL(".", import.meta.url), { recursive: true, encoding: "utf8" }) as string[])
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
  .flatMap((path) => [...readFileSync(new URL(path, import.meta.url), "utf8").matchAll(/\bjsonText\(\s*"([^"]+)"/g)])
  .map(([, schema]) => `recobase/${schema}`);
const types = [...page.matchAll(/```typescript\n([\s\S]*?)```/g)].map(([, text]) => text).join("\n");

/** Type-checks documents as literals of the types on the page: finds missing, wrong and unknown fields. */
function complaints(documents: readonly string[]): string[] {
  const typeOf = (document: string) => {
    const kind = /^\{"schema":"recobase\/([a-z-]+)@\d+"/.exec(document)?.[1] ?? "missing";
    return `${kind.replace(/(^|-)([a-z])/g, (_, _dash, letter: string) => letter.toUpperCase())}Document`;
  };
  const source = `${types}\n${documents.map((document, i) => `const document${i}: ${typeOf(document)} = ${document.trim()};`).join("\n")}\nexport {};\n`;
  const options: ts.CompilerOptions = { strict: true, target: ts.ScriptTarget.ES2022, lib: ["lib.es5.d.ts"], noEmit: true, types: [] };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) =>
    name === "documents.ts" ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
  host.fileExists = (name) => name === "documents.ts" || fileExists(name);
  host.readFile = (name) => (name === "documents.ts" ? source : readFile(name));
  const program = ts.createProgram(["documents.ts"], options, host);
  const file = program.getSourceFile("documents.ts");
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(({ messageText }) =>
    ts.flattenDiagnosticMessageText(messageText, "\n"),
  );
}

let files: SampleFiles;
const documents: Record<string, string> = {};

/** Runs a command with --json and keeps its document. */
async function keep(name: string, ...argv: string[]): Promise<void> {
  const { output, code } = await captured(...argv, "--json", "--quiet");
  documents[name] = output;
  if (name !== "error") expect([name, code]).toEqual([name, 0]);
}

beforeAll(async () => {
  files = sampleFiles();
  const { ratings, movielens, path } = files;
  const titled = [movielens, "--layout", "movielens-100k"];
  await keep("train", "train", ratings, "--model", "item-knn", "--out", path("knn"));
  await keep("train with titles", "train", ...titled, "--model", "item-knn", "--out", path("titled"));
  await keep("recommend", "recommend", path("knn"), "--user", "1", "--user", "2", "--k", "3");
  await keep("recommend with titles", "recommend", path("titled"), "--history", "50,181", "--k", "3");
  await keep("recommend into a file", "recommend", path("knn"), "--all-users", "--out", path("lists.csv"));
  await keep("similar", "similar", path("titled"), "--item", "50");
  await keep("explain", "explain", path("titled"), "--history", '[{"item":50,"weight":4}]');
  await keep("evaluate", "evaluate", ratings, "--models", "popularity,item-knn", "--k", "5,10");
  await keep("evaluate sampled", "evaluate", ratings, "--models", "random", "--sampled", "5", "--html", path("report.html"));
  await keep("evaluate folds", "evaluate", ratings, "--models", "popularity,item-knn", "--split", "k-fold", "--folds", "2");
  await keep("inspect", "inspect", ratings);
  await keep("inspect without times", "inspect", ratings, "--time", "none", "--rating", "none");
  await keep("split", "split", ratings, "--split", "held-out", "--out", path("parts"));
  await keep("convert", "convert", ratings, "--out", path("ratings.jsonl"));
  await keep("import", "import", ...titled, "--store", path("store.db"));
  await keep("models", "models");
  await keep("model", "models", "item-knn");
  await keep("error", "recommend", path("knn"), "--user", "nobody");
});

afterAll(() => files.remove());

describe("JSON documents", () => {
  test("each is one line of JSON whose first field is its schema", () => {
    for (const [name, text] of Object.entries(documents)) {
      expect([name, text.endsWith("\n"), text.trim().split("\n").length]).toEqual([name, true, 1]);
      expect([name, Object.keys(JSON.parse(text))[0]]).toEqual([name, "schema"]);
    }
  });

  test("the output of every command has exactly the fields in docs/json-output.md", () => {
    expect(complaints(Object.values(documents))).toEqual([]);
  });

  test("a missing, a wrong and an unknown field are detected", () => {
    const document = JSON.parse(documents.similar);
    const { model: _, ...without } = document;
    const wrong = [without, { ...document, k: "5" }, { ...document, surprise: 1 }].map((value) => JSON.stringify(value));
    expect(complaints(wrong)).toHaveLength(3);
  });

  test("every schema has a type on the page, and is covered here", () => {
    const tried = new Set(Object.values(documents).map((text) => JSON.parse(text).schema as string));
    expect([...tried].sort()).toEqual([...new Set(written)].sort());
    for (const schema of tried) expect(page).toContain(`schema: "${schema}"`);
  });
});
