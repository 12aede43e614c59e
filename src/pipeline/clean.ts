import { type ItemList, noItems } from "../data/item-list.ts";
import type { ItemMarks } from "./item-marks.ts";

/** The valid candidates of a source, and a message about the invalid ones; undefined if all are valid. */
export interface Cleaned {
  readonly candidates: ItemList;
  readonly problem: string | undefined;
}

/**
 * Validates what a source returned: at most k candidates, all allowed, no duplicates, numeric scores, best first. Valid input isn't copied.
 */
export function clean(given: unknown, k: number, allowed: Uint8Array, marks: ItemMarks): Cleaned {
  const { items, scores } = (given ?? {}) as { items?: ArrayLike<unknown>; scores?: ArrayLike<unknown> };
  const length = lengthOf(items);
  if (length < 0 || length !== lengthOf(scores))
    return { candidates: noItems, problem: "Expected { items, scores }, two arrays of equal length." };
  if (isClean(given as ItemList, k, allowed, marks)) return { candidates: given as ItemList, problem: undefined };
  return cleaned(items as ArrayLike<unknown>, scores as ArrayLike<unknown>, k, allowed, marks);
}

function isClean(given: ItemList, k: number, allowed: Uint8Array, marks: ItemMarks): boolean {
  const { items, scores } = given;
  if (!(items instanceof Uint32Array) || !(scores instanceof Float32Array) || items.length > k) return false;
  marks.start(allowed.length);
  let last = Number.POSITIVE_INFINITY;
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    const score = scores[i];
    // This also rejects NaN.
    if (!(score <= last) || allowed[item] !== 1 || marks.has(item)) return false;
    last = score;
    marks.set(item, 0);
  }
  return true;
}

function cleaned(items: ArrayLike<unknown>, scores: ArrayLike<unknown>, k: number, allowed: Uint8Array, marks: ItemMarks): Cleaned {
  const kept: { item: number; score: number }[] = [];
  let refused = 0;
  let unsorted = false;
  marks.start(allowed.length);
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    const score = scores[i];
    if (typeof item !== "number" || typeof score !== "number" || Number.isNaN(score) || allowed[item] !== 1 || marks.has(item)) {
      refused++;
      continue;
    }
    marks.set(item, 0);
    if (kept.length > 0 && score > kept[kept.length - 1].score) unsorted = true;
    kept.push({ item, score: Math.fround(score) });
  }
  if (unsorted) kept.sort((a, b) => b.score - a.score);
  const best = kept.slice(0, k);
  return {
    candidates: { items: Uint32Array.from(best, ({ item }) => item), scores: Float32Array.from(best, ({ score }) => score) },
    problem:
      refused > 0
        ? `${refused} of its ${items.length} candidates were dropped: not allowed, duplicate, or without a score.`
        : unsorted
          ? "Candidates were not sorted best first, so they were sorted."
          : undefined,
  };
}

function lengthOf(values: unknown): number {
  if (typeof values !== "object" || values === null) return -1;
  const { length } = values as { length?: unknown };
  return Number.isInteger(length) ? Number(length) : -1;
}
