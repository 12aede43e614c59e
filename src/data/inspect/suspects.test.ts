import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { realData } from "../../testing/real-data.ts";
import { Random } from "../../util/random.ts";
import { Dataset, type InteractionRow } from "../dataset.ts";
import type { Suspicion } from "./suspects.ts";
import { suspectsOf } from "./suspects.ts";
import { timelineOf } from "./timeline.ts";

const DAY = 86_400_000;
const START = Date.UTC(2024, 0, 1);

/** People: 200 users with 30 distinct items of 300, popular ones more often, ratings of 1 to 5, one a day. */
function crowd(): InteractionRow[] {
  const random = new Random(1);
  const rows: InteractionRow[] = [];
  for (let user = 0; user < 200; user++) {
    const items = new Set<number>();
    while (items.size < 30) items.add(Math.floor(300 * random.uniform() ** 3));
    let day = 0;
    for (const item of items) rows.push({ user, item, weight: 1 + random.integer(5), time: START + day++ * DAY });
  }
  return rows;
}

function found(rows: InteractionRow[]): Record<string, unknown[]> {
  const data = Dataset.fromRows(rows);
  const { suspicions } = suspectsOf(data, timelineOf(data));
  return Object.fromEntries(suspicions.map(({ kind, cases }: Suspicion) => [kind, cases.map(({ user }) => user)]));
}

describe("suspect users", () => {
  test("a crowd of ordinary people raises no suspicion", () => {
    expect(found(crowd())).toEqual({});
  });

  test("a bot with 5,000 interactions is far out", () => {
    const bot = Array.from({ length: 5000 }, (_, i) => ({ user: "bot", item: i % 290, weight: 1 + (i % 5), time: START + i * DAY }));
    expect(found([...crowd(), ...bot])).toMatchObject({ "far-out-count": ["bot"] });
  });

  test("a hundred interactions in half a minute are a burst; a minute apart they are not", () => {
    const at = (pause: number) =>
      Array.from({ length: 100 }, (_, i) => ({
        user: "quick",
        item: Math.floor(i * i * 0.02),
        weight: 1 + (i % 5),
        time: START + i * pause,
      }));
    expect(found([...crowd(), ...at(300)])).toMatchObject({ burst: ["quick"] });
    expect(found([...crowd(), ...at(60_000)])).not.toHaveProperty("burst");
  });

  test("shopping baskets whose items share one time are not bursts", () => {
    const baskets = Array.from({ length: 30 }, (_, user) =>
      Array.from({ length: 70 }, (_, item) => ({ user: `shop ${user}`, item: (item * (user + 3)) % 300, time: START + user * DAY })),
    );
    expect(found([...crowd(), ...baskets.flat()])).not.toHaveProperty("burst");
  });

  test("all fives are suspicious if others vary, but not if everyone gives the same rating", () => {
    const flat = Array.from({ length: 30 }, (_, i) => ({ user: "flat", item: i, weight: 5, time: START + i * DAY }));
    expect(found([...crowd(), ...flat])).toMatchObject({ "same-rating": ["flat"] });
    const allFives = [...crowd(), ...flat].map((row) => ({ ...row, weight: row.user === 0 && row.item === 0 ? 4 : 5 }));
    expect(found(allFives)).not.toHaveProperty("same-rating");
  });

  test("users with the same rare items are found together, whether exact or near copies", () => {
    const copies = [0, 1, 2].flatMap((copy) =>
      Array.from({ length: 25 }, (_, i) => ({
        user: `copy ${copy}`,
        item: 500 + i + (i === 24 ? copy : 0),
        weight: 1 + (i % 5),
        time: START + i * DAY,
      })),
    );
    expect(found([...crowd(), ...copies])["alike-histories"]?.sort()).toEqual(["copy 0", "copy 1", "copy 2"]);
  });

  test("users who share only what everyone has are not alike", () => {
    const rows = Array.from({ length: 100 }, (_, user) =>
      Array.from({ length: 15 }, (_, item) => ({ user, item, time: START + item * DAY })),
    ).flat();
    expect(found(rows)).not.toHaveProperty("alike-histories");
  });
});

const attacks = realData("filmtrust-attacks");

// Most of these fakes are drawn to look genuine: one rule alone finds few of them, but what it names is worth a look.
test.skipIf(attacks === undefined).each(["random-push", "average-push"])(
  "in FilmTrust with 50 fakes among 1,558 users (%s), every second user named for random picks is a fake",
  (attack) => {
    const read = (name: string) => readFileSync(`${attacks}/${attack}.${name}`);
    const lines = gunzipSync(read("txt.gz")).toString().trim().split("\n");
    const rows = lines.map((line) => line.split(" ")).map(([user, item, weight]) => ({ user, item, weight: Number(weight) }));
    const labels = read("labels.txt").toString().trim().split("\n");
    const fakes = new Set(labels.filter((line) => line.endsWith(" 1")).map((line) => line.split(" ")[0]));
    const suspects = found(rows)["random-picks"] ?? [];
    const right = suspects.filter((user) => fakes.has(user as string)).length;
    expect(right).toBeGreaterThanOrEqual(6);
    expect(right).toBeGreaterThanOrEqual(0.5 * suspects.length);
  },
);
