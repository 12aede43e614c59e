// Text for terminals. Widths and wrapping come from fast-string-truncated-width and fast-wrap-ansi: small, without install scripts, and they
// know wide characters, emoji and color codes. What is left is too little for a table library (cli-table3 draws boxes and pads line ends).
import truncatedWidth from "fast-string-truncated-width";
import { wrapAnsi } from "fast-wrap-ansi";

/** One column of a table for people. */
export interface Column {
  /** A heading; a table without any has no line of them. */
  readonly head?: string;
  /** Numbers stand right, words left (the default). */
  readonly align?: "left" | "right";
  /** Whether this column gives way where the table is too wide. At most one should. */
  readonly shrinks?: boolean;
  /** How wide at most; longer text is cut. */
  readonly width?: number;
  /** Colors a cell. */
  readonly ink?: (text: string) => string;
}

/** Lays rows out below their heads, two spaces between columns, no line longer than `width` if a column may shrink. */
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

/** Wraps text at spaces, but not at no-break ones, to at most `width` columns a line; lines after the first begin with the indent, which does not count. */
export function wrap(text: string, width: number, indent = ""): string {
  return wrapAnsi(text.replaceAll(/[ \n\t]+/g, " "), width)
    .replaceAll("\n", `\n${indent}`)
    .replaceAll("\u00a0", " ");
}

/** The beginning of a text that is too wide, with an ellipsis; a text that fits as it is. */
export function clip(text: string, width: number): string {
  const { truncated, ellipsed, index } = truncatedWidth(text, { limit: width, ellipsis: "…" });
  return truncated ? text.slice(0, index) + (ellipsed ? "…" : "") : text;
}

/** Columns that a text takes on a terminal. */
export function textWidth(text: string): number {
  return truncatedWidth(text).width;
}
