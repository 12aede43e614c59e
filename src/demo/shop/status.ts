import type { ModelRecord } from "../../engine/engine.ts";
import type { Job } from "../../engine/jobs/job.ts";
import { type Ink, inColumns } from "../screen.ts";

/** Items shown and clicked. */
export interface Clicks {
  /** Items shown. */
  readonly shown: number;
  readonly clicked: number;
}

/** The status of the demo shop. */
export interface Status {
  /** Seconds since the first visit. */
  readonly seconds: number;
  readonly visits: number;
  readonly visitsPerSecond: number;
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly service: Clicks;
  readonly popular: Clicks;
  /** New items since the start, and how many of them were recommended to anyone. */
  readonly newItems: { readonly arrived: number; readonly shown: number };
  /** Newest first. */
  readonly models: readonly ModelRecord[];
  /** Newest first. */
  readonly jobs: readonly Job[];
  readonly failures: number;
  readonly lastFailure: string | undefined;
}

const whole = (number: number) => Math.round(number).toLocaleString("en");

/** The status as one line, for a log. */
export function statusLog(status: Status): string {
  const { seconds, visits, events, eventsPerSecond, service, popular, newItems, models, jobs, failures } = status;
  const gain = lift(service, popular);
  const parts = [
    `${clock(seconds)} ${whole(visits)} visits`,
    `${whole(events)} events (${whole(eventsPerSecond)}/s)`,
    `click rate: recommended ${clickRate(service)}, popular ${clickRate(popular)}${gain === undefined ? "" : ` (${gain})`}`,
    ...(newItems.arrived === 0 ? [] : [`new items: ${newItems.arrived} (${newItems.shown} recommended)`]),
    `model: ${modelWords(models)}`,
    ...(jobs.length === 0 ? [] : [`job: ${jobWords(jobs[0])}`]),
    ...(failures === 0 ? [] : [`failed visits: ${failures} (${status.lastFailure})`]),
  ];
  return parts.join(" · ");
}

/** The status as a block of lines for a terminal. No line is longer than `width`. */
export function statusBlock(status: Status, ink: Ink, width: number): string {
  const { seconds, visits, visitsPerSecond, events, eventsPerSecond, service, popular, newItems, models, jobs, failures } = status;
  const gain = lift(service, popular);
  const rows = [
    ["", clock(seconds), "Ctrl-C stops the demo"],
    ["visits", whole(visits), `${whole(visitsPerSecond)} per second`],
    ["events", whole(events), `${whole(eventsPerSecond)} per second`],
    [
      "click rate, recommended",
      clickRate(service),
      `of ${whole(service.shown)} shown${gain === undefined ? "" : `, ${gain} compared with popular`}`,
    ],
    ["click rate, popular", clickRate(popular), `of ${whole(popular.shown)} shown`],
    ["new items", whole(newItems.arrived), `${whole(newItems.shown)} of them recommended so far`],
    ["live model", modelWords(models), ""],
    ["latest job", jobs.length === 0 ? "none yet" : jobWords(jobs[0]), ""],
    ...(failures === 0 ? [] : [["failed visits", whole(failures), status.lastFailure ?? ""]]),
  ];
  const valueWidth = Math.max(...rows.filter(([, , note]) => note !== "").map(([, value]) => value.length));
  const table = inColumns(
    rows.map(([name, value, note]) => [name, note === "" ? value : `${value.padEnd(valueWidth)}  ${note}`]),
    [{ ink: ink.dim }, { width: width - 28 }],
  );
  return table;
}

function modelWords(models: readonly ModelRecord[]): string {
  const main = models.find(({ slot, state }) => slot === "main" && state === "in-service");
  if (main === undefined) return "none yet, showing popular items";
  const metrics = Object.entries(main.metrics).map(([metric, value]) => `${metric} ${value.toFixed(3)}`);
  return `${main.model} (${[`${whole(main.events)} events`, ...metrics.slice(0, 1)].join(", ")})`;
}

function jobWords({ kind, state, trigger, progress, task, started, finished, error }: Job): string {
  if (state === "running") return `${kind} ${progress === undefined ? "" : `${Math.round(100 * progress)}% `}${task}`.trimEnd();
  const took = started === undefined || finished === undefined ? "" : ` in ${((finished - started) / 1000).toFixed(1)} s`;
  return state === "failed" ? `${kind} failed: ${error}` : `${kind} (${trigger}) ${state}${took}`;
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
}

/** `8.4% ±0.3`: the rate and half of its 95% interval (normal approximation to the binomial); a dash if nothing was shown yet. */
export function clickRate({ shown, clicked }: Clicks): string {
  if (shown === 0) return "–";
  const rate = clicked / shown;
  const half = 1.96 * Math.sqrt((rate * (1 - rate)) / shown);
  return `${(100 * rate).toFixed(1)}% ±${(100 * half).toFixed(1)}`;
}

/** How much higher one rate is than the other, such as `+63%`; undefined until both have 50 clicks, because fewer are too few to compare. */
export function lift(of: Clicks, over: Clicks): string | undefined {
  if (of.clicked < 50 || over.clicked < 50) return undefined;
  const ratio = of.clicked / of.shown / (over.clicked / over.shown);
  return `${ratio >= 1 ? "+" : "–"}${Math.abs(100 * (ratio - 1)).toFixed(0)}%`;
}
