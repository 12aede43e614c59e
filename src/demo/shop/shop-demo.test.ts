import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "./open-server.ts";
import { shopDemo } from "./shop-demo.ts";

let folder: string;
let shown = "";
let progress = "";
/** Answers to the three commands, sent while the demo was running. */
const answers: unknown[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recobase-shop-"));
  const ending = new AbortController();
  const running = shopDemo({
    output: { write: (text: string) => (shown += text) },
    errors: { write: (text: string) => (progress += text) },
    folder: join(folder, "demo"),
    port: await freePort(18_700, "127.0.0.1"),
    signal: ending.signal,
    shop: { items: 200, visitors: 200 },
  });
  while (!/[1-9]\d* visits/.test(shown)) await Promise.race([running, new Promise((resolve) => setTimeout(resolve, 50))]);
  for (const command of commands()) answers.push(await tried(command));
  ending.abort();
  await running;
});
afterAll(() => rm(folder, { recursive: true }));

function commands(): string[] {
  return shown.split("\n").flatMap((line) => (line.startsWith("  curl ") ? [line.trim()] : []));
}

/** Sends the request of a curl command. */
async function tried(command: string): Promise<unknown> {
  const headers = Object.fromEntries([...command.matchAll(/-H "([^:]+): ([^"]+)"/g)].map(([, name, value]) => [name, value]));
  const body = /-d '([^']+)'/.exec(command)?.[1];
  const url = /http:[^" ]+/.exec(command)?.[0] ?? "";
  const response = await fetch(url, { headers, ...(body === undefined ? {} : { method: "POST", body }) });
  expect(response.status, command).toBe(200);
  return response.json();
}

test("prints an address, an API key and three commands that work while it runs", () => {
  expect(shown).toMatch(/address {2}http:\/\/127\.0\.0\.1:\d+/);
  expect(shown).toMatch(/API key {2}rb_admin_\S+/);
  const [known, event, you] = answers as [{ items: unknown[] }, { accepted: number }, { items: { sources: string[] }[] }];
  expect(known.items.length).toBe(3);
  expect(event.accepted).toBe(1);
  expect(you.items.length).toBe(3);
  expect(answers.length).toBe(3);
});

test("without a terminal, prints status lines, and stops cleanly", () => {
  expect(shown).toMatch(/^\d\d:\d\d [\d,]+ visits · [\d,]+ events .* click rate: recommended \S+.*, popular \S+.* · model: /m);
  expect(shown).not.toContain("failed");
  expect(shown).not.toContain("\x1b");
  expect(shown.trimEnd().split("\n").at(-1)).toContain("Stopped. The data stays in");
});

test("shows progress on standard error only", () => {
  expect(progress).toContain("sending events to the server …\n");
  expect(shown).not.toContain("…\n");
});
