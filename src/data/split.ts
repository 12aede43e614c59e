import type { Dataset } from "./dataset.ts";

/**
 * A dataset cut for evaluation. All parts share their vocabularies. A model is fitted on `train`; for each user of `test` it is shown that
 * user's interactions in `history` and asked for the rest.
 */
export interface Split {
  readonly train: Dataset;
  /** The withheld interactions to be predicted. */
  readonly test: Dataset;
  /** What the model may know of the test users when it answers; `train` when absent. Differs for held-out users with folded-in history. */
  readonly history?: Dataset;
}
