import type { CandidateTable } from "../candidate-table.ts";

/** Makes one score of those of several sources. */
export interface Scorer {
  /** Whether every source should say what it thinks of every candidate, also of those it did not name itself. */
  readonly fillsIn: boolean;
  /** Writes one score a row, above or equal to 0, higher is better. */
  score(table: CandidateTable, out: Float32Array): void;
}
