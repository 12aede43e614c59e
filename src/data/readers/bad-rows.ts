import { RecoError } from "../../util/errors.ts";

/** A row that could not be read. */
export interface BadRow {
  readonly file: string;
  /** Line number in the file (row number for formats without lines), from 1. */
  readonly line: number;
  /** What is wrong, with the value: `the weight "n/a" is not a number`. */
  readonly reason: string;
}

const SHOWN = 5;

/** How the reason begins if a row can't be decoded. */
export const NOT_UTF8 = "not UTF-8";

/** Counts bad rows but keeps only the first few, to bound memory. */
export class BadRows {
  count = 0;
  readonly first: BadRow[] = [];

  add(file: string, line: number, reason: string): void {
    this.count++;
    if (this.first.length < SHOWN) this.first.push({ file, line, reason });
  }

  /** Whether the text of another bad row would be kept. */
  get wanted(): boolean {
    return this.first.length < SHOWN;
  }

  /** @throws RecoError `bad-data`, with the first rows and the total count, if there are any. */
  throwIfAny(rows: number): void {
    if (this.count === 0) return;
    const more = this.count > this.first.length ? `\n  … and ${(this.count - this.first.length).toLocaleString("en")} more` : "";
    const list = this.first.map(({ file, line, reason }) => `\n  ${file}:${line}: ${reason}`).join("");
    const share = `${this.count.toLocaleString("en")} of ${rows.toLocaleString("en")} rows can't be read:`;
    const coded = this.first.some(({ reason }) => reason.startsWith(NOT_UTF8))
      ? '\nIf the file is in Latin-1 or Windows-1252, pass encoding: "latin1" (--encoding latin1).'
      : "";
    throw new RecoError(
      "bad-data",
      `${share}${list}${more}${coded}\nFix the rows, check the columns, or pass onError: "skip" (--on-error skip) to leave them out.`,
    );
  }
}

/** A value for a message: quoted, cut short, control characters escaped. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}
