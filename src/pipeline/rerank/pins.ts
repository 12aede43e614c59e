import { Type } from "typebox";
import { Id } from "../../data/text-schemas.ts";
import type { Expression } from "../../expression/compile.ts";
import { test } from "../../expression/evaluate.ts";
import type { Scope } from "../../expression/scope.ts";
import { expression } from "../references.ts";

export const Pins = Type.Array(
  Type.Object(
    {
      item: { ...Id, description: "The item's id. It may not exist yet." },
      place: Type.Integer({ minimum: 1, maximum: 1000, description: "From 1." }),
      when: Type.Optional(
        expression("boolean", "request", { description: "An expression over user, context and parameters. Default: always." }),
      ),
    },
    { additionalProperties: false, title: "Pin", description: "Puts an item in a fixed place." },
  ),
  { maxItems: 100, description: "Items in fixed places, for example for a campaign while its `when` is true." },
);

export interface CompiledPin {
  /** An item id. You can pin an item before it exists. */
  readonly item: string;
  /** From 1. */
  readonly place: number;
  readonly when: Expression | undefined;
}

/**
 * Assigns pinned items to places: one entry per place, undefined if nothing is pinned there.
 *
 * A pin is ignored if its item may not be shown, its condition isn't true, or its place is past the end of the list. An item is pinned
 * once, by its first effective pin. If an earlier pin has taken the place, the pin goes to the next free place, or to the last free one if
 * none follows.
 *
 * @param allowed 1 for items that may be shown, by item index
 * @param indexOf returns the index of an id, or -1
 */
export function placePins(
  pins: readonly CompiledPin[],
  k: number,
  allowed: Uint8Array,
  indexOf: (id: string) => number,
  scope: Scope,
): (number | undefined)[] {
  const places = new Array<number | undefined>(k).fill(undefined);
  for (const { item, place, when } of pins) {
    const index = indexOf(item);
    if (index < 0 || allowed[index] !== 1 || places.includes(index)) continue;
    if (when !== undefined && !test(when, scope)) continue;
    if (place > k) continue;
    const after = places.indexOf(undefined, place - 1);
    const at = after >= 0 ? after : places.lastIndexOf(undefined);
    if (at >= 0) places[at] = index;
  }
  return places;
}
