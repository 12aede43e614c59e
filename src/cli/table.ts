/** One column of a table for people. */
export interface Column {
  readonly head: string;
  /** Numbers stand right, words left (the default). */
  readonly align?: "left" | "right";
  /** Whether this column gives way where the table is too wide. At most one should. */
  readonly shrinks?: boolean;
}

/** Lays rows out below their heads, two spaces between columns, no line longer than `width` if a column may shrink. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], width: number, indent = ""): string {
  const widths = columns.map((column, c) => Math.max(textWidth(column.head), ...rows.map((row) => textWidth(row[c] ?? ""))));
  const total = indent.length + widths.reduce((sum, one) => sum + one, 0) + 2 * (widths.length - 1);
  const giving = columns.findIndex((column) => column.shrinks);
  if (giving >= 0 && total > width) widths[giving] = Math.max(8, widths[giving] - (total - width));
  const line = (cells: readonly string[]) =>
    (indent + columns.map((column, c) => pad(clip(cells[c] ?? "", widths[c]), widths[c], column.align ?? "left")).join("  ")).trimEnd();
  const heads = columns.some((column) => column.head !== "")
    ? [line(columns.map((column) => column.head)), line(widths.map((one) => "─".repeat(one)))]
    : [];
  return `${[...heads, ...rows.map(line)].join("\n")}\n`;
}

/** Wraps text at spaces, but not at no-break ones, to at most `width` columns a line; lines after the first begin with the indent, which does not count. */
export function wrap(text: string, width: number, indent = ""): string {
  const lines: string[] = [];
  let current = "";
  for (const word of text.split(/[ \n\t]+/)) {
    if (current !== "" && textWidth(current) + 1 + textWidth(word) > width) {
      lines.push(current);
      current = word;
    } else current = current === "" ? word : `${current} ${word}`;
  }
  return [...lines, current].join(`\n${indent}`).replaceAll("\u00a0", " ");
}

function pad(text: string, width: number, align: "left" | "right"): string {
  const space = " ".repeat(Math.max(0, width - textWidth(text)));
  return align === "left" ? text + space : space + text;
}

function clip(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let clipped = "";
  for (const character of text) {
    if (textWidth(clipped + character) > width - 1) break;
    clipped += character;
  }
  return `${clipped}…`;
}

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u;
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u;

/** Columns that a text takes on a terminal. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}
