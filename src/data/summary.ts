import type { Dataset } from "./dataset.ts";
import type { ProvenanceStep } from "./dataset-parts.ts";
import type { BadRow } from "./readers/bad-rows.ts";
import { type ColumnChoices, roles } from "./readers/columns.ts";
import type { TimeUnit } from "./readers/times.ts";
import type { RepeatPolicy } from "./repeats.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** What was read and detected: the first provenance step of a dataset from files. */
export interface LoadStep extends ProvenanceStep {
  readonly step: "load";
  readonly files: readonly string[];
  readonly format: string;
  /** The name of the layout, if one was given. */
  readonly layout?: string;
  /** Unless it is UTF-8; "(guessed)" if it has no byte-order mark. */
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly header?: boolean;
  readonly columns?: ColumnChoices;
  readonly timeUnit?: TimeUnit | "date";
  /** The form and the zone that were given. */
  readonly timeFormat?: string;
  readonly timeZone?: string;
  /** Good and bad rows. */
  readonly rows: number;
  readonly badRows: number;
  readonly firstBadRows: readonly BadRow[];
  readonly repeats: RepeatPolicy;
  /** Rows removed as repeats. */
  readonly merged: number;
}

/** How a dataset was read; undefined if it doesn't come from files. */
export function loadStep(data: Dataset): LoadStep | undefined {
  return data.provenance.find((step): step is LoadStep => step.step === "load");
}

/** A few lines for people: what was read and detected, what was skipped, and what the dataset has now. */
export function formatSummary(data: Dataset): string {
  const count = (n: number, one: string) => `${n.toLocaleString("en")} ${one}${n === 1 ? "" : "s"}`;
  const lines: string[] = [];
  const load = loadStep(data);
  if (load !== undefined) {
    const files =
      load.files.length <= 3 ? load.files.join(", ") : `${load.files.slice(0, 2).join(", ")} and ${load.files.length - 2} more files`;
    const form = [
      load.layout === undefined ? load.format : `layout ${load.layout}`,
      load.encoding,
      load.delimiter && `delimiter ${delimiterName(load.delimiter)}`,
    ];
    if (load.header !== undefined) form.push(load.header ? "with a header" : "without a header");
    lines.push(`read       ${count(load.rows, "row")} from ${files} (${form.filter(Boolean).join(", ")})`);
    const { columns = {} } = load;
    const chosen = ([...roles, "session", "basket"] as const).flatMap((role) => {
      const choice = columns[role];
      return choice === undefined ? [] : [`${role} = ${choice.name}${choice.by === "given" ? "" : ` (by ${choice.by})`}`];
    });
    if (chosen.length > 0) lines.push(`columns    ${chosen.join(", ")}`);
    const { unused = [] } = columns;
    const more = unused.length > 12 ? ` and ${unused.length - 12} more` : "";
    if (unused.length > 0) lines.push(`not used   ${unused.slice(0, 12).join(", ")}${more}`);
    for (const kind of ["user", "item"] as const) {
      const id = pointZero(data[`${kind}s`]);
      if (id !== undefined) lines.push(`ids        ${kind} ids end in .0: ${id} is not the ${kind} ${id.slice(0, -2)}`);
    }
    if (load.badRows > 0) {
      lines.push(`bad rows   ${count(load.badRows, "row")} left out, the first:`);
      for (const { file, line, reason } of load.firstBadRows) lines.push(`             ${file}:${line}: ${reason}`);
    }
    const kept = {
      last: "the last was kept",
      sum: "their weights were added up",
      max: "the largest weight was kept",
      all: "all were kept",
    }[load.repeats];
    if (load.merged > 0) lines.push(`repeats    ${count(load.merged, "row")} with a pair of user and item seen before: ${kept}`);
    else lines.push(`repeats    ${load.repeats === "all" ? "kept, if there are any" : "none"}`);
  }
  lines.push(`have       ${count(data.size, "interaction")} of ${count(data.users.size, "user")} with ${count(data.items.size, "item")}`);
  const { time } = data.interactions;
  if (time !== undefined && time.length > 0) {
    const range = extent(time);
    const clock = load?.timeUnit === "clock" || !Number.isFinite(new Date(range.from).getTime());
    const shown = (t: number) => (clock ? String(t) : new Date(t).toISOString().slice(0, 10));
    const unknown = time.reduce((rows, t) => rows + (Number.isNaN(t) ? 1 : 0), 0);
    const missing = unknown === 0 ? "" : `; unknown in ${count(unknown, "row")}`;
    lines.push(
      `time       ${shown(range.from)} to ${shown(range.to)}${clock ? " (an order, not a date)" : ` (from ${load?.timeUnit ?? "milliseconds"})`}${missing}`,
    );
  } else lines.push("time       none");
  if (data.interactions.weight !== undefined && data.size > 0) {
    const range = extent(data.interactions.weight);
    // As many digits as single precision has.
    const shown = (weight: number) => Number(weight.toPrecision(7));
    lines.push(`weight     ${shown(range.from)} to ${shown(range.to)}`);
  }
  if (data.eventTypes.length > 0) lines.push(`events     ${data.eventTypes.join(", ")}`);
  const { session, basket, context = {} } = data.interactions;
  const groups = [session && count(new Set(session).size, "session"), basket && count(new Set(basket).size, "basket")].filter(Boolean);
  if (groups.length > 0) lines.push(`groups     ${groups.join(", ")}`);
  const moments = Object.entries(context).map(
    ([name, column]) => `${name} (${column.type === "category" ? count(column.names.length, "value") : column.type})`,
  );
  if (moments.length > 0) lines.push(`context    ${moments.join(", ")}`);
  const features = [
    ...Object.keys(data.itemFeatures).map((name) => `item ${name}`),
    ...Object.keys(data.userFeatures).map((name) => `user ${name}`),
  ];
  if (features.length > 0) lines.push(`features   ${features.join(", ")}`);
  for (const { step, ...rest } of data.provenance) if (step !== "load") lines.push(`then       ${[step, ...argumentsOf(rest)].join(", ")}`);
  return lines.join("\n");
}

/** An id with ".0" at its end if all are whole numbers and some end so, as notebooks write a column that had gaps. */
function pointZero({ ids }: Vocabulary): string | undefined {
  const whole = ids.every((id) => typeof id === "string" && /^-?\d+(\.0)?$/.test(id));
  return whole ? (ids.find((id) => String(id).endsWith(".0")) as string | undefined) : undefined;
}

/** The arguments of a step that fit on a line. The provenance of appended data doesn't. */
function argumentsOf(step: Readonly<Record<string, unknown>>): string[] {
  const plain = Object.entries(step).filter(([, value]) => !Array.isArray(value) || value.every((entry) => typeof entry !== "object"));
  return plain.map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(" ") : value}`);
}

function delimiterName(delimiter: string): string {
  return { "\t": "tab", " ": "space" }[delimiter] ?? `"${delimiter}"`;
}

function extent(values: Float32Array | Float64Array): { from: number; to: number } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < from) from = values[i];
    if (values[i] > to) to = values[i];
  }
  return { from, to };
}
