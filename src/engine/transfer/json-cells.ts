/** Cells that hold text as a JSON string, with its quotes, because plain text would be read as something else. */

/** Starts or ends like JSON or with spaces, or looks like a number or a word for true, false or nothing. */
const MISREAD = /^["[{]|^\s|\s$|^[+-]?[\d.,]+([eE][+-]?\d+)?%?$|^(true|false|yes|no|null|none|nan|n\/a|na)$/i;

/** Whether an import would misread a text if it guesses the type of the column. */
export function isMisread(text: string): boolean {
  return text === "" || MISREAD.test(text);
}

/** The same for a column that is always text, such as ids. */
export function isMisreadAsText(text: string): boolean {
  return /^"|^\s|\s$/.test(text);
}

/** The text of a cell with a JSON string; undefined for other cells. */
export function quotedText(cell: string): string | undefined {
  if (cell.length < 2 || !cell.startsWith('"') || !cell.endsWith('"')) return undefined;
  try {
    return JSON.parse(cell) as string;
  } catch {
    return undefined;
  }
}
