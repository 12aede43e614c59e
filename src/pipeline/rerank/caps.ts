import { Type } from "typebox";
import { type FeatureTable, MISSING } from "../../data/features.ts";
import type { CapSpec } from "../recommender.gen.ts";
import { propertyName } from "../references.ts";

export const Caps = Type.Array(
  Type.Object(
    {
      by: propertyName(["category", "categories"], "A property of type category or categories."),
      max: Type.Integer({ minimum: 1, maximum: 1000, description: "Maximum number of items with the same value in a list." }),
    },
    { additionalProperties: false, title: "Cap", description: "Limits how many items with the same value a list may have." },
  ),
  { maxItems: 20, description: "Upper limits per value of a property, for example at most two items per brand." },
);

/**
 * Counts the values of capped properties as a list grows. An item without the property isn't capped. One with several values needs room
 * under each of them.
 */
export class CapCounts {
  private readonly caps: readonly Cap[];

  constructor(specs: readonly CapSpec[], columns: FeatureTable) {
    this.caps = specs.flatMap(({ by, max }) => {
      const column = Object.hasOwn(columns, by) ? columns[by] : undefined;
      if (column?.type !== "category" && column?.type !== "categories") return [];
      return [{ by, max, column, counts: new Uint16Array(column.names.length) }];
    });
  }

  /** Whether a list has room for the item. */
  admits(item: number): boolean {
    for (const cap of this.caps) if (fullValue(cap, item) !== undefined) return false;
    return true;
  }

  /** Counts an item of the list. */
  add(item: number): void {
    for (const { column, counts } of this.caps) {
      if (column.type === "category") {
        const code = column.codes[item];
        if (code < MISSING) counts[code]++;
      } else {
        for (let at = column.offsets[item]; at < column.offsets[item + 1]; at++) counts[column.codes[at]]++;
      }
    }
  }

  /** Describes the cap that has no room for the item; undefined if all have room. */
  reason(item: number): string | undefined {
    for (const cap of this.caps) {
      const code = fullValue(cap, item);
      if (code !== undefined) return `at most ${cap.max} per ${cap.by}, and "${cap.column.names[code]}" is full`;
    }
    return undefined;
  }
}

interface Cap {
  readonly by: string;
  readonly max: number;
  readonly column: Extract<FeatureTable[string], { type: "category" | "categories" }>;
  /** Number of listed items per value code. */
  readonly counts: Uint16Array;
}

/** The code of an item value that has reached its cap. */
function fullValue({ column, counts, max }: Cap, item: number): number | undefined {
  if (column.type === "category") {
    const code = column.codes[item];
    return code < MISSING && counts[code] >= max ? code : undefined;
  }
  for (let at = column.offsets[item]; at < column.offsets[item + 1]; at++) {
    if (counts[column.codes[at]] >= max) return column.codes[at];
  }
  return undefined;
}
