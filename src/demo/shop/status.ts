import type { ModelRecord } from "../../engine/engine.ts";
import type { Job } from "../../engine/jobs/job.ts";
import { type Ink, inColumns } from "../screen.ts";

/** How often what was shown was clicked. */
export interface Clicks {
  /** Items shown. */
  readonly shown: number;
  readonly clicked: number;
}

/** What is shown of the live shop. */
export interface Status {
  /** Seconds since the first visitor. */
  readonly seconds: number;
  readonly visits: number;
  readonly visitsPerSecond: number;
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly service: Clicks;
  readonly popular: Clicks;
  /** New items since the start, and those of them that the service has shown to somebody. */
  readonly newItems: { readonly arrived: number; readonly shown: number };
  /** Newest first. */
  readonly models: readonly ModelRecord[];
  /** Newest first. */
  readonly jobs: readonly Job[];
  readonly failures: number;
  readonly lastFailure: string | undefined;
}

const whole = (number: number) => Math.round(number).toLocaleString("en");

/** One line, for a log. */
export function statusLog(status: Status): string {
  const { seconds, visits, events, eventsPerSecond, service, popular, newItems, models, jobs, failures } = status;
  const gain = lift(service, popular);
  const parts = [
    `${clock(seconds)} ${whole(visits)} visits`,
    `${whole(events)} events (${whole(eventsPerSecond)}/s)`,
    `clicked: service ${clickRate(service)}, popular ${clickRate(popular)}${gain === undefined ? "" : ` (${gain})`}`,
    ...(newItems.arrived === 0 ? [] : [`new items: ${newItems.arrived}, ${newItems.shown} shown`]),
    `model: ${modelWords(models)}`,
    ...(jobs.length === 0 ? [] : [`job: ${jobWords(jobs[0])}`]),
    ...(failures === 0 ? [] : [`${failures} failed: ${status.lastFailure}`]),
  ];
  return parts.join(" · ");
}

/** A block of lines, for a terminal: every line is shorter than `width`. */
export function statusBlock(status: Status, ink: Ink, width: number): string {
  const { seconds, visits, visitsPerSecond, events, eventsPerSecond, service, popular, newItems, models, jobs, failures } = status;
  const gain = lift(service, popular);
  const rows = [
    ["", clock(seconds), "Ctrl-C ends it"],
    ["visits", whole(visits), `${whole(visitsPerSecond)} a second`],
    ["events", whole(events), `${whole(eventsPerSecond)} a second`],
    [
      "clicked, by the service",
      clickRate(service),
      `of ${whole(service.shown)} shown${gain === undefined ? "" : `, ${gain} over popular`}`,
    ],
    ["clicked, popular shelf", clickRate(popular), `of ${whole(popular.shown)} shown`],
    ["new items", whole(newItems.arrived), `${whole(newItems.shown)} of them shown by the service so far`],
    ["model in service", modelWords(models), ""],
    ["job", jobs.length === 0 ? "none yet" : jobWords(jobs[0]), ""],
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
  if (main === undefined) return "none yet, what is popular stands in";
  const metrics = Object.entries(main.metrics).map(([metric, value]) => `${metric} ${value.toFixed(3)}`);
  return [`${main.model} of ${whole(main.events)} events`, ...metrics.slice(0, 1)].join(", ");
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

/** `8.4% ±0.3`, with half of the 95% interval (normal approximation to the binomial); a dash while there is nothing to tell. */
export function clickRate({ shown, clicked }: Clicks): string {
  if (shown === 0) return "–";
  const rate = clicked / shown;
  const half = 1.96 * Math.sqrt((rate * (1 - rate)) / shown);
  return `${(100 * rate).toFixed(1)}% ±${(100 * half).toFixed(1)}`;
}

/** How much higher one rate is than another, `+63%`; undefined until both are known well enough to be compared: some 50 clicks each. */
export function lift(of: Clicks, over: Clicks): string | undefined {
  if (of.clicked < 50 || over.clicked < 50) return undefined;
  const ratio = of.clicked / of.shown / (over.clicked / over.shown);
  return `${ratio >= 1 ? "+" : "–"}${Math.abs(100 * (ratio - 1)).toFixed(0)}%`;
}
