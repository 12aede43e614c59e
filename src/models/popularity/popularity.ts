import type { Dataset } from "../../data/dataset.ts";
import { defineModel } from "../../model/define-model.ts";
import { float, log } from "../../model/options.ts";
import { RecoError } from "../../util/errors.ts";

const DAY = 86_400_000;

/**
 * The items with the most interactions, the same for everyone: a baseline for other models, and the answer for visitors without a history.
 *
 * With a `halfLife`, interactions lose weight as they age, which turns "popular" into "trending":
 * `score(item) = sum over its interactions of 2^(-age / halfLife)`, with ages relative to the newest interaction. Costs one pass over the
 * data, and accepts new data without a refit.
 *
 * @example
 * ```ts
 * import { Dataset } from "recobase";
 * import { popularity } from "recobase/models";
 *
 * const data = Dataset.fromRows([{ user: 1, item: "a" }, { user: 2, item: "a" }, { user: 2, item: "b" }]);
 * const model = await popularity().fit(data);
 * model.recommend({ history: [] }); // [{ item: "a", score: 2 }, { item: "b", score: 1 }]
 * ```
 */
export const popularity = defineModel({
  name: "popularity",
  family: "popularity",
  ignoresHistory: true,
  options: {
    /** Age in days at which an interaction counts half; 0 to count all equally. Needs interaction times. */
    halfLife: float(0, { min: 0, search: log(1, 365) }),
  },
  suits: ({ pairs, catalog, days, has }) => ({
    options: { halfLife: has.includes("times") ? Math.min(90, Math.max(1, Math.round(days / 10))) : 0 },
    seconds: pairs / 2e7,
    bytes: 8 * catalog,
  }),
  fit(data, { halfLife }) {
    return counted(data, halfLife, new Float64Array(data.items.size), Number.NEGATIVE_INFINITY);
  },
  score({ counts }, histories, out) {
    for (let row = 0; row < histories.rows; row++) out.set(counts, row * counts.length);
  },
  update({ counts, newest }, data, added, { halfLife }) {
    const grown = new Float64Array(data.items.size);
    grown.set(counts);
    return counted(added, halfLife, grown, newest);
  },
});

/** Adds the interactions of `data` to counts taken at the time `since`, and rescales all of them to the time of the newest one. */
function counted(data: Dataset, halfLife: number, counts: Float64Array, since: number): { counts: Float64Array; newest: number } {
  const { item, time } = data.interactions;
  if (halfLife === 0 || item.length === 0) {
    for (let i = 0; i < item.length; i++) counts[item[i]]++;
    return { counts, newest: since };
  }
  if (time === undefined)
    throw new RecoError(
      "bad-option",
      "popularity.halfLife needs interaction times, but the dataset has none. Specify the time column, or omit halfLife.",
    );
  let newest = since;
  for (const at of time) if (at > newest) newest = at;
  // An unknown time counts as earlier than all others, so its weight is 0.
  const decay = (at: number) => (Number.isNaN(at) ? 0 : 2 ** ((at - newest) / (halfLife * DAY)));
  if (since !== Number.NEGATIVE_INFINITY) for (let i = 0; i < counts.length; i++) counts[i] *= decay(since);
  for (let i = 0; i < item.length; i++) counts[item[i]] += decay(time[i]);
  return { counts, newest };
}
