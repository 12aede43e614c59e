// Terminal output of the demos.
import { styleText } from "node:util";
import type { Progress } from "../util/progress.ts";
import { table } from "../util/table.ts";

/** Where text goes: a terminal, a file, a pipe. */
export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** On terminals: whether it shows colors and NO_COLOR (https://no-color.org) is not set. */
  hasColors?(): boolean;
  write(text: string): unknown;
}

/** Text styles; without color, each returns its argument. */
export interface Ink {
  readonly colored: boolean;
  bold(text: string): string;
  dim(text: string): string;
  accent(text: string): string;
  good(text: string): string;
}

/** Color if the stream shows it, otherwise plain text. */
export function inkFor(stream: Stream): Ink {
  const colored = stream.hasColors?.() ?? false;
  // By default, Node checks standard output instead of this stream.
  const style = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    colored ? styleText(format, text, { validateStream: false }) : text;
  return { colored, bold: style("bold"), dim: style("dim"), accent: style("cyan"), good: style("green") };
}

/** Shows progress: on a terminal, one line that is overwritten; elsewhere, a line per task. */
export function statusLine(stream: Stream): { report(progress: Progress): void; clear(): void } {
  let last = "";
  return {
    report({ task, done, total }) {
      if (stream.isTTY) stream.write(`\r\x1b[2K${total > 0 ? `${task} (${done} of ${total})` : task} …`);
      else if (task !== last) stream.write(`${task} …\n`);
      last = task;
    },
    clear() {
      if (stream.isTTY && last !== "") stream.write("\r\x1b[2K");
      if (stream.isTTY) last = "";
    },
  };
}

/** Rows in columns, indented, without headings. */
export function inColumns(rows: readonly (readonly string[])[], columns: Parameters<typeof table>[0]): string {
  return table(columns, rows, undefined, "  ").trimEnd();
}

export interface Bar {
  readonly name: string;
  readonly value: number;
}

/** Horizontal bars with their values, from `from` (no bar) to the largest value (full width). */
export function barChart(bars: readonly Bar[], from: number, ink: Ink, width = 40): string {
  const span = Math.max(...bars.map((bar) => bar.value)) - from;
  const rows = bars.map(({ name, value }) => {
    // The finest block character is an eighth of a column.
    const eighths = span > 0 ? Math.round(8 * width * Math.max(0, (value - from) / span)) : 0;
    const rest = eighths % 8;
    return [name, value.toFixed(2), "█".repeat((eighths - rest) / 8) + (rest > 0 ? String.fromCharCode(0x2590 - rest) : "")];
  });
  return inColumns(rows, [{}, { align: "right" }, { ink: ink.accent }]);
}
