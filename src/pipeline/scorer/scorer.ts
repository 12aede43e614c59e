import { type TProperties, Type } from "typebox";
import type { CandidateTable } from "../candidate-table.ts";
import type { Definition, OptionsOf } from "../definition.ts";

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

/** What must be known of a kind of scorer before it is loaded. */
export interface ScorerTraits {
  /** What is learned from served answers takes the place of the scorer as soon as it is better. */
  readonly learns?: boolean;
}

/** A kind of scorer. */
export interface ScorerDefinition<P extends TProperties = TProperties> extends Definition<P>, ScorerTraits {
  /** Called once for each recommender. `weights` are by name of source. */
  create(options: OptionsOf<P> & { readonly weights?: Readonly<Record<string, number>> }): Scorer;
}

/** A scorer of any options. */
export interface AnyScorerDefinition extends Definition, ScorerTraits {
  create(options: never): Scorer;
}

/** Options that every scorer has. */
export const scorerOptions = {
  weights: Type.Optional(
    Type.Record(Type.String({ pattern: "^(?!__proto__$)[^\\p{Cc}\\p{Cs}]{1,64}$" }), Type.Number({ minimum: 0, maximum: 1e6 }), {
      additionalProperties: false,
      maxProperties: 20,
      description: "How much each source counts, by its name. Default 1.",
    }),
  ),
};

/** Defines a kind of scorer. A file of `scorer/` that exports one is registered by `npm run generate`. */
export function defineScorer<P extends TProperties>(definition: ScorerDefinition<P>): ScorerDefinition<P> {
  return definition;
}
