import { inColumns } from "./columns.ts";
import type { Ink } from "./ink.ts";

export interface Bar {
  readonly name: string;
  readonly value: number;
}

/** Horizontal bars from `from` (no bar) to the greatest value (the full width), with their numbers. */
export function barChart(bars: readonly Bar[], from: number, ink: Ink, width = 40): string {
  const span = Math.max(...bars.map((bar) => bar.value)) - from;
  const rows = bars.map(({ name, value }) => {
    // An eighth of a column is the finest step that a terminal draws.
    const eighths = span > 0 ? Math.round(8 * width * Math.max(0, (value - from) / span)) : 0;
    const rest = eighths % 8;
    return [name, value.toFixed(2), "█".repeat((eighths - rest) / 8) + (rest > 0 ? String.fromCharCode(0x2590 - rest) : "")];
  });
  return inColumns(rows, [{}, { align: "right" }, { ink: ink.accent }]);
}
