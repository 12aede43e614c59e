import type { History } from "./source.ts";

/** Milliseconds in which what somebody did loses half its weight. */
const HALF_LIFE = 7 * 86_400_000;
/** Where times are unknown, each newer item takes so much from the weight of one. */
const PER_PLACE = 0.9;

/** The item of a history that somebody cared for most of late: weight, halved every week; undefined for an empty history. */
export function strongestItem({ items, weights, times }: History, now: number): number | undefined {
  let strongest: number | undefined;
  let most = 0;
  for (let i = 0; i < items.length; i++) {
    const age = Math.max(0, now - times[i]);
    const weight = weights[i] * (Number.isNaN(age) ? PER_PLACE ** i : 2 ** (-age / HALF_LIFE));
    if (strongest !== undefined && !(weight > most)) continue;
    strongest = items[i];
    most = weight;
  }
  return strongest;
}
