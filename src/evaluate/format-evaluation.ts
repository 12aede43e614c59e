import { type EvaluationResult, type MetricColumn, type ModelResult, rankingOf, standingOf } from "./evaluation-result.ts";
import { protocolSentence, verdictSentence } from "./evaluation-sentences.ts";
import { decimalsFor, formatNumber, formatSeconds } from "./format-number.ts";

export interface TableOptions {
  /** Width in characters, 100 by default. Metrics that don't fit side by side go below. */
  readonly width?: number;
  /** Mark the best in each column in bold, with terminal codes, instead of with a star. Default false. */
  readonly bold?: boolean;
  /** Add the first metric by history length and item popularity. Default false. */
  readonly segments?: boolean;
}

/** Text that may contain terminal codes, with its width on screen. */
interface Cell {
  readonly text: string;
  readonly width: number;
}

const LABEL_WIDTH = 26;
const GAP = "  ";

/** The table of an evaluation, for people. */
export function formatEvaluation(evaluation: EvaluationResult, { width = 100, bold = false, segments = false }: TableOptions): string {
  const models = rankingOf(evaluation);
  const columns = [...evaluation.protocol.columns.map((column) => metricColumn(evaluation, models, column, bold)), ...timeColumns(models)];
  const labels = models.map((model) => model.label);
  const blocks = [
    layOut(labels, columns, width),
    ...(segments ? evaluation.segments.flatMap((segment) => segmentTable(evaluation, segment.by, models, width)) : []),
    ...notes(evaluation).map((note) => wrap(note, width)),
  ];
  return blocks.join("\n\n");
}

interface Column {
  readonly head: string;
  readonly cells: readonly Cell[];
}

function metricColumn(evaluation: EvaluationResult, models: readonly ModelResult[], column: MetricColumn, bold: boolean): Column {
  const decimals = decimalsFor(models.map((model) => model.metrics[column.name]?.value ?? null));
  const cells = models.map((model) => {
    const { value = null, low = null, high = null } = model.metrics[column.name] ?? {};
    const half = low === null || high === null ? "" : ` ±${formatNumber((high - low) / 2, decimals)}`;
    const standing = standingOf(evaluation, column, model);
    const number = formatNumber(value, decimals);
    const mark = standing === "even" ? "~" : standing === "best" && !bold ? "*" : "";
    const plain = `${number}${half}${mark}`;
    const text = standing === "best" && bold ? `\u001b[1m${number}\u001b[22m${half}${mark}` : plain;
    return { text: mark === "" ? `${text} ` : text, width: plain.length + (mark === "" ? 1 : 0) };
  });
  return { head: `${column.name} `, cells };
}

function timeColumns(models: readonly ModelResult[]): Column[] {
  const column = (head: string, seconds: (model: ModelResult) => number | null): Column => ({
    head,
    cells: models.map((model) => plain(formatSeconds(seconds(model)))),
  });
  return [column("fit", (model) => model.fitSeconds), column("rank", (model) => model.rankSeconds)];
}

function segmentTable(evaluation: EvaluationResult, by: string, models: readonly ModelResult[], width: number): string[] {
  const segment = evaluation.segments.find((candidate) => candidate.by === by);
  const [column] = evaluation.protocol.columns;
  if (segment === undefined || column === undefined) return [];
  const measured = (group: (typeof segment.groups)[number], model: ModelResult) => group.values[model.label]?.[column.name]?.value;
  const decimals = decimalsFor(models.map((model) => model.metrics[column.name]?.value ?? null));
  const columns = segment.groups.map(
    (group): Column => ({ head: group.name, cells: models.map((model) => plain(formatNumber(measured(group, model), decimals))) }),
  );
  if (columns.every(({ cells }) => cells.every(({ text }) => text === "-"))) return [];
  const title =
    by === "history-length" ? `${column.name} by length of the user's history` : `${column.name} by popularity of the held-out items`;
  const labels = models.map((model) => model.label);
  return [`${title}\n${layOut(labels, columns, width)}`];
}

/** Columns side by side, as many as fit, the rest in blocks below; each block starts with the labels. */
function layOut(labels: readonly string[], columns: readonly Column[], width: number): string {
  const wrapped = labels.map((label) => wrapLabel(label, LABEL_WIDTH));
  const labelWidth = Math.max(0, ...wrapped.flat().map((line) => line.length));
  const blocks: Column[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const column of columns) {
    const wide = GAP.length + columnWidth(column);
    if (used + wide > width) {
      blocks.push([]);
      used = labelWidth;
    }
    blocks.at(-1)?.push(column);
    used += wide;
  }
  return blocks.map((block) => blockLines(wrapped, labelWidth, block).join("\n")).join("\n\n");
}

function blockLines(labels: readonly (readonly string[])[], labelWidth: number, columns: readonly Column[]): string[] {
  const line = (label: string, cells: readonly Cell[]) =>
    [label.padEnd(labelWidth), ...cells.map(({ text, width }, c) => " ".repeat(columnWidth(columns[c]) - width) + text)]
      .join(GAP)
      .trimEnd();
  const rule = "─".repeat(labelWidth + columns.reduce((sum, column) => sum + GAP.length + columnWidth(column), 0));
  const rows = labels.flatMap(([first, ...rest], row) => [
    line(
      first,
      columns.map((column) => column.cells[row]),
    ),
    ...rest,
  ]);
  return [
    line(
      "",
      columns.map((column) => plain(column.head)),
    ),
    rule,
    ...rows,
  ];
}

function columnWidth(column: Column): number {
  return Math.max(column.head.length, ...column.cells.map((cell) => cell.width));
}

function plain(text: string): Cell {
  return { text, width: text.length };
}

/** Lines after the first are indented, so that it is clear where a label ends. */
function wrapLabel(label: string, width: number): string[] {
  if (label.length <= width) return [label];
  const parts = label.split(/(?<=[(,]) ?/);
  const lines = [""];
  for (const part of parts) {
    const last = lines[lines.length - 1];
    const joined = last === "" || last.endsWith("(") ? last + part : `${last} ${part}`;
    if (joined.length <= width || last === "") lines[lines.length - 1] = joined;
    else lines.push(`  ${part}`);
  }
  return lines;
}

function notes(evaluation: EvaluationResult): string[] {
  const { protocol, models, warnings } = evaluation;
  const marks = [
    ...(protocol.resamples === 0 ? [] : [`± half of the ${Math.round(1000 * protocol.confidence) / 10}% bootstrap interval over users.`]),
    ...(models.length > 1 ? ["* best, ~ not significantly worse than the best."] : []),
  ];
  return [
    [protocolSentence(evaluation), ...marks].join(" "),
    ...verdictSentence(evaluation),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ];
}

function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
