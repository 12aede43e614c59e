import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "../../util/random.ts";

/** January 1, 2024, in Unix seconds. */
const START = 1_704_067_200;

/** A new folder with files to try commands on, and how to remove it. */
export interface SampleFiles {
  readonly folder: string;
  /** 80 users with one of two tastes, 40 items (including "50" and "181"), ratings and Unix seconds. */
  readonly ratings: string;
  /** The same as a folder in the layout movielens-100k, with titles. */
  readonly movielens: string;
  path(name: string): string;
  remove(): void;
}

export function sampleFiles(): SampleFiles {
  const folder = mkdtempSync(join(tmpdir(), "recobase-cli-"));
  const path = (name: string) => join(folder, name);
  const rows = sampleRows();
  writeFileSync(path("ratings.csv"), `user,item,rating,timestamp\n${rows.map((row) => row.join(",")).join("\n")}\n`);
  writeFileSync(path("u.data"), `${rows.map((row) => row.join("\t")).join("\n")}\n`);
  const items = [...new Set(rows.map(([, item]) => item))];
  writeFileSync(
    path("u.item"),
    `${items.map((item) => `${item}|Film ${item} (1990)|01-Jan-1990||http://x|${"0|".repeat(18)}1`).join("\n")}\n`,
  );
  return { folder, ratings: path("ratings.csv"), movielens: folder, path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function sampleRows(): number[][] {
  const random = new Random(7);
  const camps = [0, 1].map((camp) =>
    Array.from({ length: 20 }, (_, i) => (i === 0 ? [50, 51][camp] : i === 1 ? [181, 182][camp] : 200 + 20 * camp + i)),
  );
  const rows: number[][] = [];
  for (let user = 1; user <= 80; user++) {
    const liked = new Set<number>();
    while (liked.size < 10) liked.add(camps[(user + (random.uniform() < 0.1 ? 1 : 0)) % 2][Math.floor(20 * random.uniform() ** 1.5)]);
    // Sessions of five interactions a minute apart, with weeks between sessions.
    [...liked].forEach((item, i) => {
      rows.push([user, item, 3 + random.integer(3), START + 86_400 * user + 604_800 * Math.floor(i / 5) + 60 * i]);
    });
  }
  return rows;
}
