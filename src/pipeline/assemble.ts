import type { Schema } from "../expression/check.ts";
import { compile } from "../expression/compile.ts";
import { checkSpec } from "./check-spec.ts";
import type { GuardedSource } from "./guarded-source.ts";
import { createPipeline, type Pipeline } from "./pipeline.ts";
import { fallbacksOf, sourcesOf } from "./ready-made.ts";
import type { RecommenderSpec, SourceSpec } from "./recommender.gen.ts";
import type { PipelineRegistry } from "./registry.ts";
import { compileRules } from "./rerank/compile-rules.ts";
import type { Feedback } from "./rerank/exploration/define-exploration.ts";
import type { LearnedSoFar } from "./scorer/learned.ts";
import type { CatalogView } from "./source.ts";

/** What a pipeline needs from its project. */
export interface PipelineEnvironment {
  readonly catalog: CatalogView;
  /** 1 for items that may be recommended at `now`. Returns a new array whenever an entry changes. */
  readonly available: (now: number) => Uint8Array;
  /** The index of an item's id, or -1. */
  readonly indexOf: (id: string) => number;
  /** The names expressions may use. Assemble the pipeline again when it changes. */
  readonly schema: Schema;
  /** All available kinds. Those the recommender uses must be loaded. */
  readonly registry: PipelineRegistry;
  /** Returns the source for a spec. Recommenders of a project with the same spec share it. */
  readonly source: (spec: SourceSpec) => GuardedSource;
  /** What was learned from impressions, for recommenders with a learned scorer. */
  readonly learned: () => LearnedSoFar | undefined;
  /** Impressions and conversions per item, for Thompson sampling. */
  readonly feedback: () => Feedback | undefined;
}

/**
 * Checks the spec of a recommender that returns items and builds its pipeline.
 *
 * @param path the recommender's name in error messages
 * @throws RecoError `bad-config`, `bad-expression`
 */
export function assemblePipeline(spec: RecommenderSpec, environment: PipelineEnvironment, path = "recommender"): Pipeline {
  const { catalog, available, indexOf, schema, registry, source, learned, feedback } = environment;
  checkSpec(spec, path, { schema, registry, custom: true });
  const sources = sourcesOf(spec);
  const fallbacks = fallbacksOf(spec);
  const { scorer = { kind: "blend" } } = spec;
  return createPipeline({
    catalog,
    available,
    indexOf,
    sources: sources.map(source),
    fallbacks: fallbacks.length === 0 ? undefined : fallbacks.map(source),
    filters: spec.filter === undefined ? [] : [compile(spec.filter, { ...schema, result: "boolean" })],
    includeSeen: spec.includeSeen ?? sources.every(({ kind }) => registry.sources.traits(kind).repeats === true),
    anchorByHistory: spec.anchor === "strongest",
    blend: registry.scorers.get(scorer.kind).create(scorer as never),
    learned: registry.scorers.traits(scorer.kind).learns === true ? learned : undefined,
    rules: compileRules(spec, schema, registry),
    feedback,
  });
}
