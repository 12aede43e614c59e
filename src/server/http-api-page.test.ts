import { readFile } from "node:fs/promises";
import { afterAll, describe, expect, test } from "vitest";
import { openEngine } from "../engine/open-engine.ts";
import { statuses } from "./problem.ts";
import { serveEngine } from "./serve-engine.ts";

const page = await readFile(new URL("../../docs/http-api.md", import.meta.url), "utf8");
const server = await serveEngine(await openEngine({ store: "memory", port: 0, log: "silent" }));
afterAll(() => server.close());

interface Step {
  readonly line: number;
  readonly commands: readonly string[];
  /** What the last command answers. */
  readonly answer: unknown;
}

/** The shell commands of the page, each with the JSON that stands behind it. */
function stepsOf(text: string): Step[] {
  const fences = [...text.matchAll(/```(\w+)\n(.*?)```/gs)].map(({ index, 1: kind, 2: body }) => ({
    line: text.slice(0, index).split("\n").length,
    kind,
    body,
  }));
  return fences.flatMap(({ line, kind, body }, i) => {
    if (kind !== "sh") return [];
    const commands = body.replaceAll("\\\n", " ").split(/\n(?=curl )/);
    const next = fences[i + 1];
    return [{ line, commands, answer: next?.kind === "json" ? (JSON.parse(next.body) as unknown) : undefined }];
  });
}

/** Words of a shell command: quotes of both kinds, and variables outside single ones. */
function wordsOf(command: string, variables: Readonly<Record<string, string>>): string[] {
  const filled = (text: string) => text.replace(/\$([A-Z]+)/g, (_, name: string) => variables[name]);
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) => single ?? filled(double ?? bare));
}

/** Does what curl would. */
async function curl(command: string): Promise<Response> {
  const words = wordsOf(command.trim(), { KEY: String(server.firstKey), URL: server.address });
  expect(words.shift()).toBe("curl");
  const headers: Record<string, string> = {};
  const data: string[] = [];
  let method: string | undefined;
  let url = "";
  let inQuery = false;
  while (words.length > 0) {
    const word = words.shift() ?? "";
    if (word === "-s") continue;
    else if (word === "-G") inQuery = true;
    else if (word === "-X") method = words.shift();
    else if (word === "-H") {
      const [name, ...value] = (words.shift() ?? "").split(":");
      headers[name] = value.join(":").trim();
    } else if (word === "-d" || word === "--data-binary") data.push(words.shift() ?? "");
    else if (word === "--data-urlencode") data.push((words.shift() ?? "").replace(/(?<==).*/s, encodeURIComponent));
    else {
      expect(word, `of ${command}`).toMatch(/^http/);
      url = word;
    }
  }
  if (inQuery) return fetch(`${url}?${data.join("&")}`, { headers });
  return fetch(url, { method: method ?? (data.length > 0 ? "POST" : "GET"), headers, body: data.length > 0 ? data.join("&") : null });
}

/** Numbers that are others at every run. */
const VOLATILE = new Set(["created", "updated", "time", "score"]);

/** What the page says, with room for what is another at every run: "…" stands for any text. */
function expected(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) return value.map((inner) => expected(inner));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, expected(inner, field)]));
  if (value === "…") return expect.any(String);
  return VOLATILE.has(name) ? expect.any(Number) : value;
}

describe("the page of the HTTP API", () => {
  const steps = stepsOf(page);

  test("has commands to try", () => {
    expect(steps.length).toBeGreaterThan(15);
  });

  test.each(steps)("its command of line $line does what it says", async ({ commands, answer }) => {
    let text = "";
    for (const command of commands) {
      const response = await curl(command);
      text = await response.text();
      if (answer === undefined || response.status < 400) expect(response.status, `${command}\n${text}`).toBeLessThan(300);
    }
    if (answer === undefined) return;
    // Of an import the last line counts.
    expect(JSON.parse(text.trim().split("\n").at(-1) ?? "")).toEqual(expected(answer));
  });

  test("names every code under its status", () => {
    const rows = [...page.matchAll(/^\| (\d{3}) \| (.*) \|$/gm)];
    const documented = Object.fromEntries(
      rows.flatMap(([, status, codes]) => [...codes.matchAll(/`([a-z-]+)`/g)].map(([, code]) => [code, Number(status)])),
    );
    expect(documented).toEqual(statuses);
  });
});
