import type { Dataset } from "../data/dataset.ts";
import type { ProvenanceStep } from "../data/dataset-parts.ts";
import { type FeatureSchema, schemaOf } from "../data/feature-values.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import type { FittedParts } from "./fitted-model.ts";
import type { Histories } from "./histories.ts";
import type { Need } from "./needs.ts";

/** What a model keeps of the data beside ids, to understand queries. What it does not need is empty. */
export interface QuerySchema {
  readonly eventTypes: readonly string[];
  readonly itemFeatures: FeatureSchema;
  readonly userFeatures: FeatureSchema;
  readonly context: FeatureSchema;
}

/** Everything a fitted model is made of. */
export interface ModelParts extends Omit<FittedParts, "itemCount"> {
  readonly users: Vocabulary;
  readonly items: Vocabulary;
  /** The histories of known users, one row a user. */
  readonly histories: Histories;
  /** A title an item, for people to read. */
  readonly titles?: readonly string[] | undefined;
  readonly schema: QuerySchema;
  /** How data and model came to be, step by step. */
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

/** The text column named `title` or `name` of the items, if there is one. */
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
