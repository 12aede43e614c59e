import { type TProperties, Type } from "typebox";
import type { Definition, OptionsOf } from "../../definition.ts";
import { propertyName } from "../../references.ts";
import type { ItemSimilarity } from "../item-similarity.ts";
import type { Adjustment } from "../select.ts";
import { ShareLimit } from "../share-limit.ts";

/** A kind of diversity: a preference for items that differ from those already in the list. */
export interface DiversityDefinition<P extends TProperties = TProperties> extends Definition<P> {
  /**
   * Called once for each list.
   *
   * @param members how many items are eligible for the list
   */
  create(similarity: ItemSimilarity, members: number, options: OptionsOf<P> & { readonly strength: number }): Adjustment;
}

/** A kind of diversity with any options. */
export interface AnyDiversityDefinition extends Definition {
  create(similarity: ItemSimilarity, members: number, options: never): Adjustment;
}

/** How strong a diversity is that doesn't say so. */
export const STRENGTH = 0.2;

/** Options of every kind of diversity. */
export const diversityOptions = {
  strength: Type.Optional(
    Type.Number({ minimum: 0, maximum: 1, default: STRENGTH, description: "From 0 (no effect) to 1 (ignore relevance). Default 0.2." }),
  ),
  limit: Type.Optional(ShareLimit),
  by: Type.Optional(
    Type.Array(propertyName([], "The name of a property."), {
      maxItems: 100,
      description: "Item properties to compare items by. Default: all properties of type category, categories or vector.",
    }),
  ),
};

/** Defines a kind of diversity. `npm run generate` registers every file in `rerank/diversity/` that exports one. */
export function defineDiversity<P extends TProperties>(definition: DiversityDefinition<P>): DiversityDefinition<P> {
  return definition;
}
