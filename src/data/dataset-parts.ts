import type { FeatureTable } from "./features.ts";
import type { Interactions, Links } from "./interactions.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** One step in the making of a dataset (reading, filtering, splitting), with every argument needed to repeat it. */
export interface ProvenanceStep {
  readonly step: string;
  readonly [argument: string]: unknown;
}

/** The parts of a dataset. */
export interface DatasetParts {
  readonly users: Vocabulary;
  readonly items: Vocabulary;
  readonly interactions: Interactions;
  readonly eventTypes?: readonly string[];
  readonly userFeatures?: FeatureTable;
  readonly itemFeatures?: FeatureTable;
  readonly links?: Links | undefined;
  readonly provenance?: readonly ProvenanceStep[];
}
