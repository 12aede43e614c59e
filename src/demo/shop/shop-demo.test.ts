import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "./open-server.ts";
import { shopDemo } from "./shop-demo.ts";

let folder: string;
let shown = "";
let progress = "";
/** Answers to the three commands, tried while the shop was open. */
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

/** Does what a curl command would do. */
async function tried(command: string): Promise<unknown> {
  const headers = Object.fromEntries([...command.matchAll(/-H "([^:]+): ([^"]+)"/g)].map(([, name, value]) => [name, value]));
  const body = /-d '([^']+)'/.exec(command)?.[1];
  const url = /http:[^" ]+/.exec(command)?.[0] ?? "";
  const response = await fetch(url, { headers, ...(body === undefined ? {} : { method: "POST", body }) });
  expect(response.status, command).toBe(200);
  return response.json();
}

test("prints an address, a key and three commands that work while it runs, the last one reflecting the second", () => {
  expect(shown).toMatch(/address {2}http:\/\/127\.0\.0\.1:\d+/);
  expect(shown).toMatch(/key {6}rb_admin_\S+/);
  const [known, event, you] = answers as [{ items: unknown[] }, { accepted: number }, { items: { sources: string[] }[] }];
  expect(known.items.length).toBe(3);
  expect(event.accepted).toBe(1);
  expect(you.items.length).toBe(3);
  expect(answers.length).toBe(3);
});

test("tells without a terminal, in a line now and then, how it goes, and ends in order", () => {
  expect(shown).toMatch(/^\d\d:\d\d [\d,]+ visits · [\d,]+ events .* clicked: service \S+.*, popular \S+.* · model: /m);
  expect(shown).not.toContain("failed");
  expect(shown).not.toContain("\x1b");
  expect(shown.trimEnd().split("\n").at(-1)).toContain("Closed. The store stays in");
});

test("says what it does before it opens on standard error alone", () => {
  expect(progress).toContain("telling the server of it, events …\n");
  expect(shown).not.toContain("…\n");
});
