import type { Verdict } from "../data/inspect/verdict.ts";
import type { Inspection } from "../data/inspect.ts";
import type { Id } from "../data/vocabulary.ts";
import { table, wrap } from "../util/table.ts";
import { count, counted, decimal, percent } from "./numbers.ts";

/** How many users the text lists per suspicion. JSON has all of them. */
const NAMED = 3;

type Facts = readonly (readonly [label: string, value: string])[];

/** An inspection for people: first the verdict, then the facts by heading. */
export function inspectionText(
  inspection: Inspection,
  verdict: Verdict,
  name: string,
  titleOf: (item: Id) => string | undefined,
  width: number,
): string {
  const { counts } = inspection;
  const when = counts.time?.clock ? `, ${day(counts.time.from)} to ${day(counts.time.to)}` : "";
  const head = `${name}: ${counted(counts.interactions, "interaction")} of ${counted(counts.users, "user")} with ${counted(counts.items, "item")}${when}`;
  const bullets = (lines: readonly string[]) => lines.map((line) => `  - ${wrap(line, width - 4, "    ")}\n`).join("");
  const section = (title: string, facts: Facts) => (facts.length === 0 ? "" : `\n${title}\n${factLines(facts, width)}`);
  return [
    `${wrap(head, width)}\n\n${wrap(verdict.summary, width)}\n${bullets(verdict.because)}`,
    verdict.advice.length > 0 ? `\nAdvice\n${bullets(verdict.advice)}` : "",
    section("Counts", countFacts(inspection)),
    section("Long tail", tailFacts(inspection, titleOf)),
    section("Sessions", sessionFacts(inspection)),
    driftText(inspection, width),
    section("Cold start", coldFacts(inspection)),
    section("Repeats", repeatFacts(inspection)),
    suspectText(inspection, width),
  ].join("");
}

function factLines(facts: Facts, width: number): string {
  const labels = Math.max(...facts.map(([label]) => label.length));
  const indent = " ".repeat(labels + 4);
  return facts.map(([label, value]) => `  ${label.padEnd(labels)}  ${wrap(value, width - indent.length, indent)}\n`).join("");
}

function countFacts({ counts }: Inspection): Facts {
  const spread = ({ min, median, mean, p90, max }: typeof counts.perUser) =>
    `${count(min)} to ${count(max)}, median ${half(median)}, mean ${mean.toFixed(1)}, 90th percentile ${count(Math.ceil(p90))}`;
  const { weight, eventTypes } = counts;
  return [
    ["density", `${percent(counts.density)} of all user-item pairs`],
    ["per user", spread(counts.perUser)],
    ["per item", spread(counts.perItem)],
    ["short histories", `${percent(counts.usersBelow5)} of the users have fewer than 5 interactions`],
    ...(weight
      ? [
          [
            "weights",
            `${weight.min} to ${weight.max}, mean ${weight.mean.toFixed(2)}, ${weight.distinct >= 1000 ? "1,000 or more" : count(weight.distinct)} distinct`,
          ] as const,
        ]
      : [["weights", "none: every interaction counts the same"] as const]),
    ...(eventTypes
      ? [
          [
            "event types",
            Object.entries(eventTypes)
              .map(([type, rows]) => `${type} ${count(rows)}`)
              .join(", "),
          ] as const,
        ]
      : []),
    ...(counts.time === undefined ? [["times", "none, so there are no sessions, no drift and no split by time"] as const] : []),
    ...(counts.time?.clock === false
      ? [
          [
            "times",
            `${decimal(counts.time.from)} to ${decimal(counts.time.to)}: an order rather than dates, so there are no sessions`,
          ] as const,
        ]
      : []),
  ];
}

function tailFacts({ longTail, counts }: Inspection, titleOf: (item: Id) => string | undefined): Facts {
  return [
    ["Gini", `${longTail.gini.toFixed(2)} (0: all items are equally popular, 1: one item has everything)`],
    ["top 1%", `of the items have ${percent(longTail.top1Percent)} of the interactions`],
    ["top 20%", `of the items have ${percent(longTail.top20Percent)}`],
    ["half", `of the interactions are with ${counted(longTail.itemsForHalf, "item")}`],
    [
      "rare",
      `${counted(longTail.itemsBelow5, "item")} (${percent(longTail.itemsBelow5 / Math.max(1, counts.items))}) with fewer than 5 interactions`,
    ],
    ["most popular", longTail.mostPopular.map(({ item, interactions }) => `${titleOf(item) ?? item} (${count(interactions)})`).join(", ")],
  ];
}

function sessionFacts({ sessions }: Inspection): Facts {
  if (sessions === undefined) return [];
  return [
    ["sessions", `${count(sessions.sessions)}, separated by breaks of more than ${sessions.gapMinutes} minutes`],
    [
      "length",
      `median ${half(sessions.lengthMedian)}, mean ${sessions.lengthMean.toFixed(1)} interactions; ${percent(sessions.single)} have only one`,
    ],
    ["duration", `median ${sessions.minutesMedian.toFixed(1)} minutes, among sessions with two or more interactions`],
    ["returning", `${percent(sessions.returning)} of the users have a second session`],
  ];
}

function driftText({ drift, counts }: Inspection, width: number): string {
  if (drift === undefined) return "";
  const stamp = (time: number) => (counts.time?.clock ? day(time) : decimal(time));
  const rows = drift.periods.map((period) => [
    `${stamp(period.from)} to ${stamp(period.to)}`,
    count(period.interactions),
    count(period.users),
    percent(period.newUsers),
    count(period.items),
    percent(period.newItems),
    period.popularityOverlap === undefined ? "" : percent(period.popularityOverlap),
  ]);
  const heads = ["period", "interactions", "users", "new", "items", "new", `top ${drift.topItems} kept`];
  const columns = heads.map((head, i) => ({ head, align: i === 0 ? ("left" as const) : ("right" as const), shrinks: i === 0 }));
  const words = `From one period to the next, ${percent(drift.popularityOverlap)} of the ${drift.topItems === 1 ? "most popular item stays" : `${drift.topItems} most popular items stay`} on top.`;
  return `\nDrift over time\n${table(columns, rows, width, "  ")}  ${wrap(words, width - 2, "  ")}\n`;
}

function coldFacts({ cold }: Inspection): Facts {
  if (cold.basis === "single")
    return [
      ["users", `${percent(cold.users)} have a single interaction`],
      ["items", `${percent(cold.items)} have a single interaction`],
    ];
  return [
    ["users", `${percent(cold.users)} of the last fifth of the interactions are by new users`],
    ["items", `${percent(cold.items)} are with new items`],
    ["either", `${percent(cold.either)} are one or the other`],
  ];
}

function repeatFacts({ repeats }: Inspection): Facts {
  if (repeats.repeatedPairs === 0) return [["pairs", "no user has an item twice"]];
  return [
    [
      "pairs",
      `${counted(repeats.repeatedPairs, "user-item pair")} of ${count(repeats.pairs)} occur more than once: ${percent(repeats.repeatShare)} of the interactions are repeats`,
    ],
    [
      "duplicates",
      repeats.duplicateRows === 0
        ? "no two rows are identical, time included"
        : `${counted(repeats.duplicateRows, "row")} identical to another, time included`,
    ],
  ];
}

function suspectText({ suspects }: Inspection, width: number): string {
  if (suspects.users === 0) return "\nSuspect users\n  none stand out\n";
  const blocks = suspects.suspicions.map(({ rule, users, share, cases }) => {
    const examples = cases.slice(0, NAMED).map(({ user, detail }) => `      ${wrap(`user ${user}: ${detail}`, width - 8, "        ")}\n`);
    const more = users > NAMED ? `      and ${count(users - NAMED)} more (--json lists all)\n` : "";
    return `  - ${wrap(`${counted(users, "user")} (${percent(share)} of the interactions): ${rule}`, width - 4, "    ")}\n${examples.join("")}${more}`;
  });
  return `\nSuspect users (worth a look, not proof)\n${blocks.join("")}`;
}

/** A median of counts: a whole number or a half. */
function half(median: number): string {
  return Number.isInteger(median) ? count(median) : median.toFixed(1);
}

function day(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? decimal(time) : date.toISOString().slice(0, 10);
}
