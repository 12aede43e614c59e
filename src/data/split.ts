import type { Dataset } from "./dataset.ts";

/**
 * A dataset split for evaluation. All parts share their vocabularies. Models are fitted on `train`; for each user of `test`, they see the user's
 * interactions in `history` and predict those in `test`.
 */
export interface Split {
  readonly train: Dataset;
  /** The interactions to predict. */
  readonly test: Dataset;
  /** What models may know about the test users. Default `train`; differs for held-out users. */
  readonly history?: Dataset;
}
