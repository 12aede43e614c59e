/**
 * Words that programs write where a value is missing: databases (NULL, \N), notebooks (NaN, None, <NA>), R (NA), spreadsheets (#N/A) and
 * JavaScript (undefined). They are never ids. "NA" counts only in capitals.
 */
const WORDS: ReadonlySet<string> = new Set(["", "null", "none", "nan", "n/a", "#n/a", "\\n", "<na>", "undefined"]);
const LONGEST = "undefined".length;
/** By byte: whether a word begins with it. */
const FIRST = new Uint8Array(256);
for (const character of "nNuU#\\<") FIRST[character.charCodeAt(0)] = 1;

/** Whether this text stands for a missing value. */
export function isMissing(text: string): boolean {
  return text.length <= LONGEST && (text === "NA" || WORDS.has(text.toLowerCase()));
}

/** The same for bytes[start] … bytes[end - 1]; nearly always decided by the length and the first byte. */
export function isMissingBytes(bytes: Uint8Array, start: number, end: number): boolean {
  if (end === start) return true;
  return end - start <= LONGEST && FIRST[bytes[start]] === 1 && isMissing(String.fromCharCode(...bytes.subarray(start, end)));
}
