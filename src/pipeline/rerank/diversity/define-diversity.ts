import { type TProperties, Type } from "typebox";
import type { Definition, OptionsOf } from "../../definition.ts";
import { propertyName } from "../../references.ts";
import type { ItemSimilarity } from "../item-similarity.ts";
import type { Adjustment } from "../select.ts";

/** A kind of diversity: a wish for items unlike those already in the list. */
export interface DiversityDefinition<P extends TProperties = TProperties> extends Definition<P> {
  /**
   * Called once for each list.
   *
   * @param members how many items may come into the list
   */
  create(similarity: ItemSimilarity, members: number, options: OptionsOf<P> & { readonly strength: number }): Adjustment;
}

/** Diversity of any options. */
export interface AnyDiversityDefinition extends Definition {
  create(similarity: ItemSimilarity, members: number, options: never): Adjustment;
}

/** Options that every diversity has. */
export const diversityOptions = {
  strength: Type.Number({ minimum: 0, maximum: 1, description: "From 0, no effect, to 1, relevance no longer counts." }),
  by: Type.Optional(
    Type.Array(propertyName([], "The name of a property."), {
      maxItems: 100,
      description: "Item properties that tell how alike items are. Default: all properties of type category, categories or vector.",
    }),
  ),
};

/** Defines a kind of diversity. A file of `rerank/diversity/` that exports one is registered by `npm run generate`. */
export function defineDiversity<P extends TProperties>(definition: DiversityDefinition<P>): DiversityDefinition<P> {
  return definition;
}
