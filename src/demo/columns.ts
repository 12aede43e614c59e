/** A column: how wide at most, on which side its text stands, and how it is coloured. */
export interface Column {
  /** Longer text is cut, with an ellipsis. As wide as its text when absent. */
  readonly width?: number;
  readonly align?: "left" | "right";
  readonly ink?: (text: string) => string;
}

/** Rows set in columns, two spaces between them. Coloured after padding, so that colour takes no room. */
export function inColumns(rows: readonly (readonly string[])[], columns: readonly Column[], indent = "  "): string {
  const widths = columns.map((column, c) =>
    Math.min(column.width ?? Number.POSITIVE_INFINITY, Math.max(0, ...rows.map((row) => row[c].length))),
  );
  const lines = rows.map((row) => {
    const cells = columns.map(({ align = "left", ink = (text) => text }, c) => {
      const text = cut(row[c], widths[c]);
      // The last column needs no padding: nothing stands behind it.
      if (align === "left") return ink(c === columns.length - 1 ? text : text.padEnd(widths[c]));
      return ink(text.padStart(widths[c]));
    });
    return `${indent}${cells.join("  ")}`.trimEnd();
  });
  return lines.join("\n");
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
