import { Type } from "typebox";
import { type FeatureTable, MISSING } from "../../data/features.ts";
import { propertyName } from "../references.ts";
import type { History } from "../source.ts";
import type { Adjustment } from "./select.ts";

export const Calibration = Type.Object(
  {
    by: propertyName(["category", "categories"], "A property of type category or categories."),
    strength: Type.Number({ minimum: 0, maximum: 1, description: "From 0 (no effect) to 1 (ignore relevance)." }),
  },
  {
    additionalProperties: false,
    title: "Calibration",
    description: "Bring the mix of categories in a list close to that of the user's history (Steck 2018).",
  },
);

/** Weight of the history mixed into the list's distribution, as in the paper, so that a missing category has a large but finite cost. */
const SMOOTHING = 0.01;

/**
 * Calibration: brings the mix of categories in the list close to that of the history. The next item is the one with the largest
 *
 *     (1 - strength) * relevance - strength * KL(p || q~),   q~ = 0.99 q + 0.01 p
 *
 * where p is the weighted mix of the history and q that of the list including the item. An item spreads a mass of 1 evenly over its
 * categories. Items without a category are ignored.
 *
 * Source: Steck 2018.
 *
 * @param by a property of type category or categories
 * @param members item indices; adjustments use positions in this array
 * @returns undefined if the history has no such categories
 */
export function calibrate(
  columns: FeatureTable,
  by: string,
  strength: number,
  history: Pick<History, "items" | "weights">,
  members: Uint32Array,
): Adjustment | undefined {
  const column = Object.hasOwn(columns, by) ? columns[by] : undefined;
  if (column?.type !== "category" && column?.type !== "categories") return undefined;
  const { codes } = column;
  /** The offset of an item's codes. */
  const begin = (item: number) => (column.type === "category" ? item : column.offsets[item]);
  const end = (item: number) => (column.type === "category" ? item + (codes[item] === MISSING ? 0 : 1) : column.offsets[item + 1]);

  const wanted = new Float64Array(column.names.length);
  let total = 0;
  for (let h = 0; h < history.items.length; h++) {
    const from = begin(history.items[h]);
    const to = end(history.items[h]);
    if (from === to) continue;
    total += history.weights[h];
    for (let at = from; at < to; at++) wanted[codes[at]] += history.weights[h] / (to - from);
  }
  if (!(total > 0)) return undefined;
  const present: number[] = [];
  wanted.forEach((mass, code) => {
    if (mass === 0) return;
    wanted[code] = mass / total;
    present.push(code);
  });

  const given = new Float64Array(column.names.length);
  let listed = 0;
  /** What a category with mass `mass` adds to the divergence of a list of `size` items. */
  const cost = (code: number, mass: number, size: number) => {
    const p = wanted[code];
    return p === 0 ? 0 : p * Math.log(p / ((1 - SMOOTHING) * (size === 0 ? 0 : mass / size) + SMOOTHING * p));
  };
  // The divergence of the current list, and with one more item that has none of the wanted categories.
  let now = 0;
  let next = 0;
  const update = () => {
    now = 0;
    next = 0;
    for (const code of present) {
      now += cost(code, given[code], listed);
      next += cost(code, given[code], listed + 1);
    }
  };
  update();

  return {
    adjust(value, position) {
      const from = begin(members[position]);
      const to = end(members[position]);
      let divergence = from === to ? now : next;
      for (let at = from; at < to; at++) {
        const code = codes[at];
        if (wanted[code] === 0) continue;
        divergence += cost(code, given[code] + 1 / (to - from), listed + 1) - cost(code, given[code], listed + 1);
      }
      return (1 - strength) * value - strength * divergence;
    },
    add(position) {
      const from = begin(members[position]);
      const to = end(members[position]);
      if (from === to) return;
      for (let at = from; at < to; at++) given[codes[at]] += 1 / (to - from);
      listed++;
      update();
    },
  };
}
