import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { compiled } from "../../scripts/compiled.mjs";

const rooms = ["util", "kernel", "data", "model", "expression", "models", "metrics", "simulate", "pipeline", "store", "evaluate", "engine"];
let program: Awaited<ReturnType<typeof compiled>>;
let folder = "";
const running = new Set<ChildProcessWithoutNullStreams>();

beforeAll(async () => {
  program = await compiled([...rooms, "server", "cli"]);
  folder = mkdtempSync(join(tmpdir(), "recobase-serve-"));
});

afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
});

afterAll(() => {
  program.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** A `recobase serve` that is running or has ended. */
interface Serving {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves when the last line of the start message is on standard output; rejects if the server ends before. */
  readonly ready: Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }>;
}

/** Starts it in the test's folder, on a free port. */
function serve(...flags: string[]): Serving {
  return serveAsItIs("--port", "0", ...flags);
}

function serveAsItIs(...flags: string[]): Serving {
  const { RECOBASE_STORE: _, RECOBASE_PORT: __, RECOBASE_HOST: ___, ...env } = process.env;
  const child = spawn(process.execPath, [join(program.folder, "cli/main.js"), "serve", ...flags], { cwd: folder, env });
  running.add(child);
  let output = "";
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const ended: Serving["ended"] = new Promise((resolve) => {
    child.once("close", (code) => {
      running.delete(child);
      resolve({ code, output, errors });
    });
  });
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk) => {
      output += chunk;
      if (output.includes("Ctrl-C")) resolve(output);
    });
    void ended.then(({ code }) => reject(new Error(`It ended with ${code}: ${errors}`)));
  });
  // Tests that only wait for the end ignore whether it was ever ready.
  ready.catch(() => {});
  return { child, ready, ended };
}

async function stopped({ child, ended }: Serving): Promise<number | null> {
  child.kill("SIGTERM");
  return (await ended).code;
}

function config(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const addressOf = (output: string) => String(/http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0]);
const keyOf = (output: string) => /rb_admin_[\w-]{43}/.exec(output)?.[0];

async function statusOf(output: string, headers: Record<string, string> = {}): Promise<number> {
  return (await fetch(`${addressOf(output)}/v1/stats`, { headers })).status;
}

describe("the start message", () => {
  test("shows address, store and a working key, which is not in the log; the next start shows no key and keeps the data", async () => {
    const first = serve("--store", "kept.db", "--log", "debug");
    const output = await first.ready;
    const key = keyOf(output);
    expect(output).toContain(`/docs\n  data           ${join(folder, "kept.db")}\n  configuration  none`);
    expect(await statusOf(output)).toBe(401);
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const body = JSON.stringify({ user: "ann", item: "tea", type: "view" });
    expect((await fetch(`${addressOf(output)}/v1/events`, { method: "POST", headers, body })).status).toBe(200);
    expect(await stopped(first)).toBe(0);
    const { errors } = await first.ended;
    expect(errors).toContain("/v1/events");
    expect(errors).not.toContain(key);

    const second = serve("--store", "kept.db");
    const again = await second.ready;
    expect(keyOf(again)).toBeUndefined();
    const stats = await fetch(`${addressOf(again)}/v1/stats`, { headers: { authorization: `Bearer ${key}` } });
    expect(await stats.json()).toMatchObject({ events: 1, users: 1, items: 1 });
    expect(await stopped(second)).toBe(0);
  });

  test("with --new-key, shows another key with the same access", async () => {
    const first = serve("--store", "lost.db");
    const lost = keyOf(await first.ready);
    await stopped(first);
    const second = serve("--store", "lost.db", "--new-key");
    const output = await second.ready;
    expect(keyOf(output)).not.toBe(lost);
    expect(await statusOf(output, { authorization: `Bearer ${keyOf(output)}` })).toBe(200);
    await stopped(second);
  });

  test("with --keyless, local requests need no key, and requests from pages of other origins are rejected", async () => {
    const server = serve("--store", "memory", "--keyless");
    const output = await server.ready;
    expect(await statusOf(output)).toBe(200);
    expect(await statusOf(output, { origin: "https://elsewhere.example" })).toBe(401);
    await stopped(server);
  });

  test("never contains the password of a database, and neither do errors", async () => {
    const { code, output, errors } = await serve("--store", "postgres://shop:hushhush@127.0.0.1:1/shop").ended;
    expect([code, output]).toEqual([1, ""]);
    expect(errors).toContain("PostgreSQL at 127.0.0.1:1/shop");
    expect(errors).not.toContain("hushhush");
  });
});

describe("the configuration", () => {
  test("is found in the current folder, can be TypeScript, and is overridden by flags", async () => {
    const path = config(
      "recobase.config.ts",
      `import { defineConfig } from "recobase/config";
      export default defineConfig({
        store: "configured.db",
        port: 1,
        recommenders: { shelf: { sources: [{ kind: "popular" }] } },
      });`,
    );
    try {
      const server = serve();
      const output = await server.ready;
      expect(output).toContain(`data           ${join(folder, "configured.db")}\n  configuration  ${path}`);
      const headers = { authorization: `Bearer ${keyOf(output)}` };
      const shelf = await fetch(`${addressOf(output)}/v1/recommenders/shelf`, { headers });
      expect(await shelf.json()).toMatchObject({ name: "shelf", origin: "config" });
      await stopped(server);
    } finally {
      rmSync(path);
    }
  });

  test.each([
    [
      "several mistakes at once",
      `export default { prot: 3, training: { every: "often" } };`,
      /prot is not a setting\. Did you mean port\?.*training\.every is "often"/,
    ],
    [
      "an expression that ends too soon",
      `export default { recommenders: { mine: { filter: "price <" } } };`,
      /recommenders\.mine\.filter: Line 1, column 8/,
    ],
    ["a syntax error", "export default {{", /Could not load/],
  ])("with %s exits with 1 and says what is wrong and where", async (_what, text, message) => {
    const path = config("wrong.config.ts", text);
    const { code, output, errors } = await serve("--config", path, "--store", "memory").ended;
    expect([code, output]).toEqual([1, ""]);
    expect(errors).toMatch(message);
    // One message for people, without a stack trace.
    expect(errors).toMatch(/^recobase: /);
    expect(errors).not.toMatch(/\n {4}at /);
  });

  test("that doesn't exist is reported", async () => {
    const { code, errors } = await serve("--config", "nothing.ts").ended;
    expect(code).toBe(1);
    expect(errors).toBe(`recobase: ${join(folder, "nothing.ts")} does not exist. Pass a configuration file or the folder it is in.\n`);
  });
});

describe("invalid flags and conflicts", () => {
  test.each([
    [["--prot", "3"], 2, "Unknown option '--prot'. Did you mean --port?"],
    [["--port", "many"], 2, "'many' is invalid"],
    [["--port", "70000"], 2, "It must be a whole number from 0 to 65535"],
    [["--log", "loud"], 2, "Allowed choices are silent, error, warn, info, debug"],
    [["shop.db"], 2, "Too many arguments for 'serve'"],
    [["--keyless", "--host", "0.0.0.0"], 1, "Without keys, a server can only listen on a loopback address"],
  ])("%j exits with %i and says why", async (flags, expected, message) => {
    const { code, output, errors } = await serveAsItIs("--store", "memory", ...flags).ended;
    expect([code, output]).toEqual([expected, ""]);
    expect(errors).toContain(message);
    expect(errors.trim().split("\n")).toHaveLength(1);
  });

  test("a port in use: exits with 1, without having created a key", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number };
    const { code, output, errors } = await serveAsItIs("--port", String(port), "--store", "late.db").ended;
    await new Promise((resolve) => other.close(resolve));
    expect([code, output]).toEqual([1, ""]);
    expect(errors).toBe(`recobase: Port ${port} on 127.0.0.1 is in use. Stop the other process, or choose another port.\n`);
    const next = serve("--store", "late.db");
    expect(keyOf(await next.ready)).toBeDefined();
    await stopped(next);
  });

  test("a store that another server has open: exits with 1, and the other server keeps running", async () => {
    const first = serve("--store", "held.db");
    const output = await first.ready;
    const { code, errors } = await serve("--store", "held.db").ended;
    expect(code).toBe(1);
    expect(errors).toContain(`${join(folder, "held.db")} is already open`);
    expect(await statusOf(output, { authorization: `Bearer ${keyOf(output)}` })).toBe(200);
    expect(await stopped(first)).toBe(0);
  });
});

describe.skipIf(process.platform === "win32")("stopping", () => {
  test("SIGINT exits with 0, like SIGTERM", async () => {
    const server = serve("--store", "memory");
    await server.ready;
    server.child.kill("SIGINT");
    expect((await server.ended).code).toBe(0);
  });

  test("two signals within a second, as npm and the terminal send on a Ctrl-C, still close it cleanly", async () => {
    const server = serve("--store", "twice.db");
    const key = keyOf(await server.ready);
    const answered = holdOpen(addressOf(await server.ready), key);
    await answered.begun;
    server.child.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 100));
    server.child.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 100));
    answered.finish();
    // The request in progress at the first signal is answered after the second.
    expect(await answered.text).toContain('"written":1');
    expect((await server.ended).code).toBe(0);
  });

  test("a second signal more than a second later ends it immediately, even with a request in progress", async () => {
    const server = serve("--store", "memory");
    const answered = holdOpen(addressOf(await server.ready), keyOf(await server.ready));
    await answered.begun;
    server.child.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 1200));
    server.child.kill("SIGINT");
    expect((await server.ended).code).toBe(1);
    expect(await answered.text).toBe("connection lost");
  });

  test("a signal during startup exits with 0, too", async () => {
    const server = serve("--store", "memory");
    await new Promise<void>((resolve) => server.child.stderr.once("data", () => resolve()));
    server.child.kill("SIGTERM");
    expect((await server.ended).code).toBe(0);
  });
});

/** An import in progress: the server is waiting for the rest of it. */
function holdOpen(address: string, key: string | undefined) {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson", expect: "100-continue" };
  const sent = request(`${address}/v1/import/events`, { method: "POST", headers });
  const begun = new Promise<void>((resolve) => sent.once("continue", resolve));
  const text = new Promise<string>((resolve) => {
    sent.once("error", () => resolve("connection lost"));
    sent.once("response", (response) => {
      let all = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        all += chunk;
      });
      response.once("error", () => resolve("connection lost"));
      response.once("end", () => resolve(all));
    });
  });
  sent.flushHeaders();
  return { begun, text, finish: () => sent.end('{"user":"ann","item":"tea","type":"view"}\n') };
}
