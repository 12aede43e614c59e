import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compiled } from "../../scripts/compiled.mjs";
import { type SampleFiles, sampleFiles } from "./testing/sample-files.ts";

let compiledFolder: string;
let main: string;
let files: SampleFiles;
let removeCompiled: () => void;

beforeAll(async () => {
  files = sampleFiles();
  ({ folder: compiledFolder, remove: removeCompiled } = await compiled(["."]));
  main = join(compiledFolder, "cli/main.js");
});

afterAll(() => {
  files.remove();
  removeCompiled();
});

function start(...argv: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [main, ...argv]);
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly errors: string;
}

async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  return new Promise((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, output, errors }));
  });
}

/** Waits until the child is reading: this is more than a pipe can buffer. */
async function feed(child: ChildProcessWithoutNullStreams): Promise<void> {
  const rows = readFileSync(files.ratings, "utf8");
  // Data left in the pipe when the child ends is not an error.
  child.stdin.on("error", () => {});
  await new Promise((resolve) =>
    child.stdin.write(rows + rows.slice(rows.indexOf("\n") + 1).repeat(Math.ceil(2 ** 20 / rows.length)), resolve),
  );
}

/** Waits until the child has written `text` to standard error or output. */
async function said(child: ChildProcessWithoutNullStreams, text: string): Promise<void> {
  let all = "";
  await new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        all += chunk;
        if (all.includes(text)) resolve();
      });
  });
}

describe("the command as a process", () => {
  test("trains, then recommends, with one JSON document on standard output and nothing on standard error when quiet", async () => {
    const trained = await ended(start("train", files.ratings, "--model", "item-knn", "--out", files.path("knn.safetensors")));
    expect(trained.code).toBe(0);
    expect(trained.output).toContain("Trained item-knn");
    expect(trained.errors).toContain("read       800 rows");
    const { code, output, errors } = await ended(start("recommend", files.path("knn.safetensors"), "--user", "42", "--json", "--quiet"));
    expect([code, errors]).toEqual([0, ""]);
    expect(JSON.parse(output).results[0].items).toHaveLength(10);
  });

  test.each([
    ["plain", (bytes: Buffer) => bytes],
    ["gzipped", (bytes: Buffer) => gzipSync(bytes)],
  ])("reads %s interactions from standard input", async (_name, form) => {
    const child = start("inspect", "-", "--json");
    child.stdin.end(form(readFileSync(files.ratings)));
    const { code, output } = await ended(child);
    expect(code).toBe(0);
    expect(JSON.parse(output).counts.interactions).toBe(800);
  });

  test("exits with 1 on failure and 2 on a usage error, and prints the error as JSON with --json", async () => {
    const failed = await ended(start("inspect", files.path("nothing.csv"), "--json"));
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.output)).toMatchObject({ schema: "recobase/error@1", error: { code: "not-found" } });
    const wrong = await ended(start("inspect", "--jsn"));
    expect([wrong.code, wrong.output]).toEqual([2, ""]);
    expect(wrong.errors).toMatch(/^recobase: Unknown option '--jsn'/);
  });

  test("a reader that closes the pipe is not an error", async () => {
    const child = start("models");
    child.stdout.destroy();
    const { code, errors } = await ended(child);
    expect([code, errors]).toEqual([0, ""]);
  });

  test("shows the stack trace only with RECOBASE_DEBUG=1", async () => {
    const env = { ...process.env, RECOBASE_DEBUG: "1" };
    const { errors } = await ended(spawn(process.execPath, [main, "inspect", files.path("nothing.csv")], { env }));
    expect(errors).toMatch(/\n {4}at /);
  });

  /** Runs the command so that importing a module whose name matches the pattern fails. */
  function startWithout(pattern: RegExp, ...argv: string[]): Promise<Ended> {
    const refuse = `export const resolve = (name, context, next) => { if (${pattern}.test(name)) throw new Error(name + " was asked for"); return next(name, context); };`;
    const register = `import { register } from "node:module"; register("data:text/javascript," + encodeURIComponent(${JSON.stringify(refuse)}));`;
    return ended(spawn(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(register)}`, main, ...argv]));
  }

  test("help and the list of models don't load DuckDB", async () => {
    for (const argv of [["--help"], ["models"]]) expect((await startWithout(/duckdb/, ...argv)).code).toBe(0);
    const needed = await startWithout(/duckdb/, "convert", files.ratings, "--out", files.path("x.parquet"));
    expect(needed.errors).toMatch(/duckdb.* was asked for/);
  });

  test("help loads no command, and a command loads no other", async () => {
    const help = await startWithout(/\/commands\//, "--help");
    expect([help.code, help.output]).toEqual([0, expect.stringContaining("serve")]);
    expect((await startWithout(/\/commands\/(?!serve\.)|\/evaluate\//, "serve", "--help")).output).toContain("--keyless");
    expect((await startWithout(/\/commands\//, "serve", "--help")).errors).toContain("commands/serve.js was asked for");
  });
});

describe.skipIf(process.platform === "win32")("Ctrl-C", () => {
  const folder = () => readdirSync(files.folder).sort();

  test.each(["SIGINT", "SIGTERM"] as const)("%s while reading ends the process and leaves no files", async (signal) => {
    const before = folder();
    const child = start("train", "-", "--model", "item-knn", "--out", files.path("never.safetensors"));
    const end = ended(child);
    await feed(child);
    child.kill(signal);
    expect(await end).toMatchObject({ code: null, signal });
    expect(folder()).toEqual(before);
  });

  test("a shell sees 130", async () => {
    const command = `exec 3<&0; "${process.execPath}" "${main}" train - --model item-knn --out "${files.path("never")}" <&3 & echo $!; wait $!; echo "ended $?"`;
    const shell = spawn("sh", ["-c", command]);
    const end = ended(shell);
    const [pid] = (await once(shell.stdout, "data")) as [Buffer];
    await feed(shell);
    process.kill(Number(pid), "SIGINT");
    expect((await end).output).toMatch(/^\d+\nended 130\n$/);
  });

  test("while writing: removes the unfinished file and keeps the existing one", async () => {
    writeFileSync(files.path("model"), "the earlier one");
    const before = folder();
    const program = `
      import { writeFile } from "node:fs/promises";
      import { writeAtomically } from ${JSON.stringify(join(compiledFolder, "util/atomic-file.js"))};
      import { writing } from ${JSON.stringify(join(compiledFolder, "cli/writing.js"))};
      await writing(() => writeAtomically(${JSON.stringify(files.path("model"))}, async (temporary) => {
        await writeFile(temporary, "half");
        console.log("half written");
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      }));`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program]);
    const end = ended(child);
    await said(child, "half written");
    expect(folder().length).toBe(before.length + 1);
    child.kill("SIGINT");
    expect(await end).toMatchObject({ code: null, signal: "SIGINT" });
    expect(folder()).toEqual(before);
    expect(readFileSync(files.path("model"), "utf8")).toBe("the earlier one");
  });

  test("lists for all users are written completely or not at all", async () => {
    const write = (name: string) => start("recommend", files.path("knn.safetensors"), "--all-users", "--out", files.path(name));
    await ended(write("whole.csv"));
    const whole = readFileSync(files.path("whole.csv"), "utf8");
    const before = folder();
    const child = write("cut.csv");
    const end = ended(child);
    setTimeout(() => child.kill("SIGINT"), 350);
    await end;
    // The signal may come before, during or after writing.
    expect(folder().filter((name) => name !== "cut.csv")).toEqual(before);
    if (folder().includes("cut.csv")) expect(readFileSync(files.path("cut.csv"), "utf8")).toBe(whole);
  });
});
