import { InvalidArgumentError } from "commander";
import { parseTimeText } from "../data/readers/times.ts";
import type { Id } from "../data/vocabulary.ts";
import type { HistoryItem } from "../model/query.ts";

/** For a flag that can be repeated. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isSafeInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`It must be a whole number ${range}.`);
    return value;
  };
}

/** A number above `above` and below `below`, both exclusive. */
export function numberBetween(above: number, below: number): (text: string) => number {
  return (text) => {
    const value = finiteNumber(text);
    if (value <= above || value >= below) throw new InvalidArgumentError(`It must be above ${above} and below ${below}.`);
    return value;
  };
}

export function finiteNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("It must be a number.");
  return value;
}

/** A point in time: a date, or milliseconds since 1970. */
export function moment(text: string): Date {
  const { form, value } = parseTimeText(text);
  const time = form === "date" ? value : Number(text);
  if (text.trim() === "" || Number.isNaN(time))
    throw new InvalidArgumentError("It must be a date such as 2024-01-31, or milliseconds since 1970.");
  return new Date(time);
}

/** Comma-separated names. */
export function nameList(text: string): string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) throw new InvalidArgumentError("It must be a comma-separated list with at least one entry.");
  return names;
}

/** Comma-separated whole numbers of at least 1, sorted, without duplicates. */
export function numberList(text: string): number[] {
  return [...new Set(nameList(text).map(wholeNumber(1)))].sort((a, b) => a - b);
}

/** Comma-separated ids, or a JSON array for ids that contain commas. */
export function idList(text: string): Id[] {
  const ids = historyList(text);
  if (!ids.every((id) => typeof id !== "object")) throw new InvalidArgumentError("It must contain ids only, without weights.");
  return ids as Id[];
}

/** A history: comma-separated ids, or a JSON array of ids and {@link HistoryItem} objects. Empty for a user without a history. */
export function historyList(text: string): (Id | HistoryItem)[] {
  if (!text.trimStart().startsWith("["))
    return text
      .split(",")
      .map((id) => id.trim())
      .filter((id) => id !== "");
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`It starts like JSON but can't be parsed: ${(error as Error).message}.`);
  }
  if (!Array.isArray(entries) || !entries.every(isHistoryEntry))
    throw new InvalidArgumentError('It must be an array of ids, or of objects such as {"item": "50", "weight": 4}.');
  return entries;
}

function isHistoryEntry(entry: unknown): entry is Id | HistoryItem {
  if (typeof entry === "string" || typeof entry === "number") return true;
  if (typeof entry !== "object" || entry === null) return false;
  const { item, weight, time, type, session, basket, ...rest } = entry as Record<string, unknown>;
  const id = (value: unknown) => typeof value === "string" || typeof value === "number";
  return (
    id(item) &&
    (weight === undefined || typeof weight === "number") &&
    (time === undefined || typeof time === "number") &&
    (type === undefined || typeof type === "string") &&
    (session === undefined || id(session)) &&
    (basket === undefined || id(basket)) &&
    Object.keys(rest).length === 0
  );
}
