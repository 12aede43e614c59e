import { RecoError } from "../util/errors.ts";

/** A range in a source: characters `from` up to, not including, `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Characters of the source shown on each side of the error. */
const REACH = 60;

/**
 * A `bad-expression` error: what is wrong, where, and the source with the position underlined.
 *
 *     Line 1, column 1: there is no property "pirce". Did you mean price?
 *       pirce <= 20
 *       ^^^^^
 */
export function expressionError(source: string, { from, to }: Span, message: string): RecoError {
  const lineStart = source.lastIndexOf("\n", from - 1) + 1;
  const newline = source.indexOf("\n", from);
  const lineEnd = newline < 0 ? source.length : newline;
  const line = source.slice(0, lineStart).split("\n").length;
  const first = Math.max(lineStart, from - REACH);
  const last = Math.min(lineEnd, from + REACH);
  const shown = `${first > lineStart ? "…" : ""}${source.slice(first, last)}${last < lineEnd ? "…" : ""}`.replaceAll("\t", " ");
  const before = " ".repeat(from - first + (first > lineStart ? 1 : 0));
  const marks = "^".repeat(Math.max(1, Math.min(to, last) - from));
  return new RecoError("bad-expression", `Line ${line}, column ${from - lineStart + 1}: ${message}\n  ${shown}\n  ${before}${marks}`);
}
