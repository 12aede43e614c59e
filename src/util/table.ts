// Text for terminals. fast-string-truncated-width and fast-wrap-ansi measure and wrap: they are small, have no install scripts, and handle wide
// characters, emoji and color codes. The rest is too little for a table library (cli-table3 draws boxes and pads line ends).
import truncatedWidth from "fast-string-truncated-width";
import { wrapAnsi } from "fast-wrap-ansi";

/** One column of a table. */
export interface Column {
  /** A heading. If no column has one, the table has no heading line. */
  readonly head?: string;
  /** Right for numbers, left (the default) for text. */
  readonly align?: "left" | "right";
  /** Whether this column shrinks if the table is too wide. Set it on one column at most. */
  readonly shrinks?: boolean;
  /** Maximum width; longer text is cut. */
  readonly width?: number;
  /** Colors a cell. */
  readonly ink?: (text: string) => string;
}

/** Formats rows below their headings, with two spaces between columns. If a column may shrink, lines are at most `width` wide. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width = Number.POSITIVE_INFINITY,
  indent = "",
): string {
  const widths = columns.map((column, c) =>
    Math.min(
      column.width ?? Number.POSITIVE_INFINITY,
      Math.max(textWidth(column.head ?? ""), ...rows.map((row) => textWidth(row[c] ?? ""))),
    ),
  );
  const total = indent.length + widths.reduce((sum, one) => sum + one, 0) + 2 * (widths.length - 1);
  const giving = columns.findIndex((column) => column.shrinks);
  if (giving >= 0 && total > width) widths[giving] = Math.max(8, widths[giving] - (total - width));
  const line = (cells: readonly string[], inks: readonly Column["ink"][] = []) => {
    const padded = columns.map(({ align }, c) => {
      const text = clip(cells[c] ?? "", widths[c]);
      const space = " ".repeat(widths[c] - textWidth(text));
      const colored = inks[c]?.(text) ?? text;
      return align === "right" ? space + colored : colored + space;
    });
    return (indent + padded.join("  ")).trimEnd();
  };
  const heads = columns.some((column) => column.head)
    ? [line(columns.map((column) => column.head ?? "")), line(widths.map((one) => "─".repeat(one)))]
    : [];
  const inks = columns.map((column) => column.ink);
  return `${[...heads, ...rows.map((row) => line(row, inks))].join("\n")}\n`;
}

/** Wraps text at breaking spaces to at most `width` columns per line. Later lines start with the indent, which doesn't count. */
export function wrap(text: string, width: number, indent = ""): string {
  return wrapAnsi(text.replaceAll(/[ \n\t]+/g, " "), width)
    .replaceAll("\n", `\n${indent}`)
    .replaceAll("\u00a0", " ");
}

/** Cuts a text that is too wide, ending it with an ellipsis. */
export function clip(text: string, width: number): string {
  const { truncated, ellipsed, index } = truncatedWidth(text, { limit: width, ellipsis: "…" });
  return truncated ? text.slice(0, index) + (ellipsed ? "…" : "") : text;
}

/** The number of terminal columns a text takes. */
export function textWidth(text: string): number {
  return truncatedWidth(text).width;
}
