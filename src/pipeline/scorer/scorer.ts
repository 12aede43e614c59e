import { type TProperties, Type } from "typebox";
import type { CandidateTable } from "../candidate-table.ts";
import type { Definition, OptionsOf } from "../definition.ts";

/** Combines the scores of several sources. */
export interface Scorer {
  /** Whether every source should also score candidates it didn't return itself. */
  readonly fillsIn: boolean;
  /**
   * Writes one score per row, at least 0, higher is better.
   *
   * @param blend the recommender's blend scores, one per row, for scorers that build on them
   */
  score(table: CandidateTable, out: Float32Array, blend?: Float32Array): void;
}

/** The feature name of the logged blend score. */
export const BLEND = "blend score";

/** Traits of a kind of scorer that are known before its code is loaded. */
export interface ScorerTraits {
  /** A scorer learned from impressions replaces this one as soon as it is better. */
  readonly learns?: boolean;
}

/** A kind of scorer. */
export interface ScorerDefinition<P extends TProperties = TProperties> extends Definition<P>, ScorerTraits {
  /** Called once for each recommender. `weights` are by source name. */
  create(options: OptionsOf<P> & { readonly weights?: Readonly<Record<string, number>> }): Scorer;
}

/** A kind of scorer with any options. */
export interface AnyScorerDefinition extends Definition, ScorerTraits {
  create(options: never): Scorer;
}

/** Options of every scorer. */
export const scorerOptions = {
  weights: Type.Optional(
    Type.Record(Type.String({ pattern: "^(?!__proto__$)[^\\p{Cc}\\p{Cs}]{1,64}$" }), Type.Number({ minimum: 0, maximum: 1e6 }), {
      additionalProperties: false,
      maxProperties: 20,
      description: "Weight of each source, by name. Default 1.",
    }),
  ),
};

/** Defines a kind of scorer. `npm run generate` registers every file in `scorer/` that exports one. */
export function defineScorer<P extends TProperties>(definition: ScorerDefinition<P>): ScorerDefinition<P> {
  return definition;
}
