import { Type } from "typebox";
import { type FeatureTable, MISSING } from "../../data/features.ts";
import type { Adjustment } from "./select.ts";

export const ShareLimit = Type.Object(
  {
    // No reference that is checked: the built-in recommenders name a property that a catalog may not have.
    by: Type.String({
      minLength: 1,
      maxLength: 64,
      description: "A property of type category or categories. If no item has it, there is no limit.",
    }),
    share: Type.Number({ minimum: 0, maximum: 1, description: "The share of the list that items with the same value may take." }),
  },
  {
    additionalProperties: false,
    title: "ShareLimit",
    description:
      "Once items with the same value take this share of the list, all others come first. Unlike a cap, it never makes a list shorter.",
  },
);

/** More than any adjusted relevance can make up for. */
const BEHIND = 1000;

/**
 * Puts items behind all others whose value has its share of a list of k items.
 *
 * @returns undefined if no item has the property
 */
export function shareLimit(
  columns: FeatureTable,
  { by, share }: { readonly by: string; readonly share: number },
  members: Uint32Array,
  k: number,
): Adjustment | undefined {
  const column = Object.hasOwn(columns, by) ? columns[by] : undefined;
  if (column?.type !== "category" && column?.type !== "categories") return undefined;
  const most = Math.max(1, Math.floor(share * k));
  const counts = new Uint32Array(column.names.length);
  const codesOf = (position: number): Iterable<number> => {
    const item = members[position];
    if (column.type === "categories") return column.codes.subarray(column.offsets[item], column.offsets[item + 1]);
    return column.codes[item] < MISSING ? [column.codes[item]] : [];
  };
  return {
    adjust(value, position) {
      for (const code of codesOf(position)) if (counts[code] >= most) return value - BEHIND;
      return value;
    },
    add(position) {
      for (const code of codesOf(position)) counts[code]++;
    },
  };
}
