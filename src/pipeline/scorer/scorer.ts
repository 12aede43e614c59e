import type { CandidateTable } from "../candidate-table.ts";

/** Makes one score of those of several sources. */
export interface Scorer {
  /** Whether every source should say what it thinks of every candidate, also of those it did not name itself. */
  readonly fillsIn: boolean;
  /**
   * Writes one score a row, above or equal to 0, higher is better.
   *
   * @param blend what the blend of the recommender says, one a row, for a scorer that builds on it
   */
  score(table: CandidateTable, out: Float32Array, blend?: Float32Array): void;
}

/** The name under which a pipeline logs what the blend said. */
export const BLEND = "blend score";
