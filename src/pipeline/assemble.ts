import type { Schema } from "../expression/check.ts";
import { compile } from "../expression/compile.ts";
import { sourcesOf } from "./default-sources.ts";
import type { GuardedSource } from "./guarded-source.ts";
import { createPipeline, type Pipeline } from "./pipeline.ts";
import { popularLately } from "./ready-made.ts";
import type { RecommenderSpec, SourceSpec } from "./recommender-spec.ts";
import { compileRules } from "./rerank/compile-rules.ts";
import type { Feedback } from "./rerank/exploration.ts";
import { blendRanks, blendScores } from "./scorer/blend.ts";
import type { LearnedSoFar } from "./scorer/learned.ts";
import type { Scorer } from "./scorer/scorer.ts";
import type { CatalogueView } from "./source.ts";

/** What a recommender stands on. */
export interface PipelineEnvironment {
  readonly catalogue: CatalogueView;
  /** 1 for items that may be recommended at a time; a new array when anything in it changes. */
  readonly available: (now: number) => Uint8Array;
  /** The index of an item's id, or -1. */
  readonly indexOf: (id: string) => number;
  /** What expressions may speak of. Assemble anew when it changes. */
  readonly schema: Schema;
  /** The source of a spec, the same for every recommender of a project that asks for it. */
  readonly source: (spec: SourceSpec) => GuardedSource;
  /** What was learned from served answers. For recommenders whose scorer is `learned`. */
  readonly learned: () => LearnedSoFar | undefined;
  /** What came of showing items, for Thompson sampling. */
  readonly feedback: () => Feedback | undefined;
}

const defaultFallbacks: readonly SourceSpec[] = [{ kind: "trending" }, popularLately];

/**
 * Makes the pipeline of a recommender that answers with items. Popularity is always the last fallback, unless `fallbacks` is an empty list:
 * then nothing fills what the sources leave.
 *
 * @throws RecoError `bad-config`, `bad-expression`
 */
export function assemblePipeline(spec: RecommenderSpec, environment: PipelineEnvironment): Pipeline {
  const { catalogue, available, indexOf, schema, source, learned, feedback } = environment;
  const sources = sourcesOf(spec);
  const fallbacks = spec.fallbacks ?? defaultFallbacks;
  const withPopular = fallbacks.some(({ kind }) => kind === "popular") ? fallbacks : [...fallbacks, popularLately];
  const rules = compileRules(spec, schema);
  return createPipeline({
    catalogue,
    available,
    indexOf,
    sources: sources.map(source),
    fallbacks: fallbacks.length === 0 ? undefined : withPopular.map(source),
    filters: spec.filter === undefined ? [] : [compile(spec.filter, { ...schema, result: "boolean" })],
    includeSeen: spec.includeSeen ?? sources.every(({ kind }) => kind === "recently-viewed" || kind === "buy-again"),
    anchorByHistory: spec.anchor === "strongest",
    blend: blendOf(spec),
    learned: spec.scorer?.kind === "learned" ? learned : () => undefined,
    rules,
    feedback,
  });
}

function blendOf({ scorer }: RecommenderSpec): Scorer {
  return scorer?.method === "scores" ? blendScores(scorer.weights) : blendRanks(scorer?.weights);
}
