import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run as runCommand } from "../../cli/run.ts";
import { loadDataset } from "../../data/load.ts";
import { simulateCinema } from "../../simulate/index.ts";
import { castOf, tasteWords } from "./cast.ts";
import { tour } from "./tour.ts";

const size = { people: 250, films: 120, days: 300, seed: 2 };
const cinema = simulateCinema(size);
let folder: string;
let shown: string;
let progress: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recobase-demo-"));
  ({ shown, progress } = await run(false));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(isTTY: boolean): Promise<{ shown: string; progress: string }> {
  const written = { shown: "", progress: "" };
  await tour({
    output: { isTTY, hasColors: () => isTTY, write: (text: string) => (written.shown += text) },
    errors: { isTTY, write: (text: string) => (written.progress += text) },
    folder,
    cinema: size,
  });
  return written;
}

test("shows the size of the cinema", () => {
  expect(shown).toContain(`${cinema.people.length} people`);
  expect(shown).toContain(`${cinema.data.size.toLocaleString("en")} times`);
});

test("fits into 100 columns, with colors only on a terminal", async () => {
  // Commands stay on one line, to be copied.
  for (const line of shown.split("\n")) if (!line.includes("npx ")) expect(line.length, line).toBeLessThanOrEqual(100);
  expect(shown).not.toContain("\x1b");
  expect((await run(true)).shown).toContain("\x1b[1m");
});

test("recommends films that the three people haven't seen, because of films that they have", () => {
  const cast = castOf(cinema);
  expect(cast.length).toBe(3);
  for (const person of cast) {
    const lines = shown.slice(shown.indexOf(`${person.name} likes ${tasteWords(person)}`)).split("\n");
    const seen = titlesSeenBy(person.id);
    for (const row of [1, 3, 5, 7]) {
      const title = lines[row].trim().split(/ {2,}/)[0];
      expect(cinema.films.map((film) => film.title)).toContain(title);
      expect(seen).not.toContain(title);
      const reasons = lines[row + 1].trim().replace("because they saw ", "");
      expect(seen.flatMap((one) => [one, ...seen.map((other) => `${one} and ${other}`)])).toContain(reasons);
    }
  }
});

test("shows the correct true rank of a film", () => {
  const [person] = castOf(cinema);
  const row = shown.slice(shown.indexOf(`${person.name} likes`)).split("\n")[1];
  const [, place, of] = /true rank (\d+) of (\d+)/.exec(row) ?? [];
  const title = row.trim().split(/ {2,}/)[0];
  const film = cinema.films.find((candidate) => candidate.title === title)?.id ?? "";
  const seen = new Set(titlesSeenBy(person.id));
  const unseen = cinema.films.filter((candidate) => !seen.has(candidate.title)).map((candidate) => candidate.id);
  const better = unseen.filter((other) => cinema.truth.affinity(person.id, other) > cinema.truth.affinity(person.id, film));
  expect([Number(place), Number(of)]).toEqual([better.length + 1, unseen.length]);
});

test("shows progress on standard error only", () => {
  expect(progress).toContain("simulating a cinema …\n");
  expect(progress).not.toContain("\r");
  expect(shown).not.toContain("…\n");
});

test("writes viewings that read back unchanged", async () => {
  const data = await loadDataset(join(folder, "viewings.csv"));
  expect(data.size).toBe(cinema.data.size);
  const rows = (of: typeof data) => {
    const { user, item, weight, time } = of.interactions;
    return Array.from(user, (index, i) => [of.users.id(index), of.items.id(item[i]), weight?.[i], time?.[i]]);
  };
  expect(rows(data)).toEqual(rows(cinema.data));
});

test("every command it shows works as it is", async () => {
  const commands = [...shown.matchAll(/npx recobase (.*)/g)].map(([, rest]) =>
    Array.from(rest.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, bare]) => quoted ?? bare),
  );
  expect(commands.map(([verb]) => verb)).toEqual(["inspect", "evaluate", "train", "recommend", "recommend", "similar"]);
  for (const command of commands) {
    const [output, errors] = [new PassThrough(), new PassThrough()];
    const code = await runCommand(command, { input: Readable.from([]), output, errors, width: 100 });
    expect(code, `${command.join(" ")}\n${errors.read()}`).toBe(0);
    expect(String(output.read()).length).toBeGreaterThan(100);
  }
});

function titlesSeenBy(id: string): string[] {
  const { offsets, indices } = cinema.data.byUser();
  const row = cinema.data.users.require(id);
  return Array.from(indices.subarray(offsets[row], offsets[row + 1]), (item) => cinema.films[item].title);
}
