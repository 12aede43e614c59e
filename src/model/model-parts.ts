import type { Dataset } from "../data/dataset.ts";
import type { ProvenanceStep } from "../data/dataset-parts.ts";
import { type FeatureSchema, schemaOf } from "../data/feature-values.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import type { FittedParts } from "./fitted-model.ts";
import type { Histories } from "./histories.ts";
import type { Need } from "./needs.ts";

/** What a model keeps of the data, besides ids, to understand queries. Parts it doesn't need are empty. */
export interface QuerySchema {
  readonly eventTypes: readonly string[];
  readonly itemFeatures: FeatureSchema;
  readonly userFeatures: FeatureSchema;
  readonly context: FeatureSchema;
}

/** Everything a fitted model consists of. */
export interface ModelParts extends Omit<FittedParts, "itemCount"> {
  readonly users: Vocabulary;
  readonly items: Vocabulary;
  /** The histories of known users, one row per user. */
  readonly histories: Histories;
  /** Display titles, one per item. */
  readonly titles?: readonly string[] | undefined;
  readonly schema: QuerySchema;
  /** How the data and the model were made, step by step. */
  readonly provenance: readonly ProvenanceStep[];
}

/** The parts of a model that come from its data. */
export function dataParts(
  data: Dataset,
  needs: readonly Need[] = [],
): Pick<ModelParts, "users" | "items" | "itemCounts" | "titles" | "schema"> {
  const { users, items, interactions, itemFeatures, userFeatures, eventTypes } = data;
  return {
    users,
    items,
    itemCounts: countItems(interactions.item, items.size),
    titles: titlesOf(data),
    schema: {
      eventTypes: needs.includes("behaviors") ? eventTypes : [],
      itemFeatures: needs.includes("itemFeatures") ? schemaOf(itemFeatures) : {},
      userFeatures: needs.includes("userFeatures") ? schemaOf(userFeatures) : {},
      context: needs.includes("context") ? schemaOf(interactions.context ?? {}) : {},
    },
  };
}

/** The text column named `title` or `name` in the item features, if there is one. */
export function titlesOf(data: Dataset): readonly string[] | undefined {
  const column = data.itemFeatures.title ?? data.itemFeatures.name;
  return column?.type === "text" ? column.values : undefined;
}

/** Interactions of each item. */
function countItems(indices: Uint32Array, itemCount: number): Uint32Array {
  const counts = new Uint32Array(itemCount);
  for (const item of indices) counts[item]++;
  return counts;
}
