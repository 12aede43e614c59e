import type { EventInput } from "../data/events.ts";
import { parseDate } from "../data/moment-text.ts";
import { readLines } from "../data/readers/lines.ts";
import { findSources, readBytes } from "../data/readers/sources.ts";
import { readText } from "../data/readers/text-file.ts";

/**
 * Where events stand in the files they were read from, such as "tills.csv:3", in the order given. The lines of rows aren't kept while reading,
 * because they are asked for only when the store refuses some. An event that can't be found (on standard input) is named by what it says.
 */
export async function rowLines(files: readonly string[], events: readonly EventInput[], encoding?: string): Promise<string[]> {
  const found: (string | undefined)[] = events.map(() => undefined);
  for (const source of await findSources(files)) {
    if (source.name === "-") continue;
    for await (const { first, lines } of readLines((await readText(readBytes(source), source.name, encoding)).blocks))
      for (const [i, line] of lines.entries()) {
        if (line === undefined) continue;
        const at = events.findIndex((event, e) => found[e] === undefined && says(line, event));
        if (at >= 0) found[at] = `${source.name}:${first + i}`;
      }
  }
  return events.map(({ user, item }, e) => found[e] ?? `user ${user}, item ${item}`);
}

function says(line: string, { user, item, time }: EventInput): boolean {
  if (!line.includes(user) || !line.includes(item)) return false;
  if (time === undefined) return true;
  const cells = line.split(/::|[,;\t|{}]|":/).map((cell) => cell.trim().replace(/^"|"$/g, ""));
  return cells.some((cell) => {
    const number = cell === "" ? Number.NaN : Number(cell);
    return parseDate(cell) === time || [1000, 1, 1e-3, 1e-6].some((scale) => Math.round(number * scale) === time);
  });
}
