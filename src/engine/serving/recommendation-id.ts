import { randomFillSync } from "node:crypto";

/** 64 URL-safe characters in code order, so that ids sort like the numbers they encode. */
const digits = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
const timeDigits = 7;
const randomDigits = 11;
const pool = new Uint8Array(randomDigits * 256);
let used = pool.length;

/**
 * The id of an answer, 18 characters: its time in milliseconds, then 66 random bits. Ids sort by time and can't be guessed.
 *
 * @param now milliseconds since 1970, up to the year 2109
 */
export function recommendationId(now: number): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  let id = "";
  let rest = Math.floor(now);
  for (let i = 0; i < timeDigits; i++) {
    id = digits[rest % 64] + id;
    rest = Math.floor(rest / 64);
  }
  for (let i = 0; i < randomDigits; i++) id += digits[pool[used++] & 63];
  return id;
}

/** The time of an answer, from its id; NaN if the text is not such an id. */
export function timeOfRecommendation(id: string): number {
  if (id.length !== timeDigits + randomDigits) return Number.NaN;
  let time = 0;
  for (let i = 0; i < id.length; i++) {
    const digit = digits.indexOf(id[i]);
    if (digit < 0) return Number.NaN;
    if (i < timeDigits) time = time * 64 + digit;
  }
  return time;
}
