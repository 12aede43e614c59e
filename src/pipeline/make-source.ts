import { parseDuration } from "../util/duration.ts";
import { RecoError } from "../util/errors.ts";
import type { EventWeights } from "./event-weights.ts";
import { GuardedSource } from "./guarded-source.ts";
import type { SourceSpec } from "./recommender-spec.ts";
import type { CatalogueView, Source } from "./source.ts";
import { BuyAgainSource } from "./sources/buy-again.ts";
import { ContentSource } from "./sources/content.ts";
import { NewestSource } from "./sources/newest.ts";
import { PopularSource } from "./sources/popular.ts";
import { RecentlyViewedSource } from "./sources/recently-viewed.ts";
import { TogetherSource } from "./sources/together.ts";
import { TrendingSource } from "./sources/trending.ts";

export type ModelSourceSpec = Extract<SourceSpec, { kind: "model" }>;

/** What sources of a project are made from. */
export interface SourceEnvironment {
  readonly catalogue: CatalogueView;
  readonly weights: EventWeights;
  /** The source of a model, a `ModelSource` as a rule, which whoever trains puts models into. */
  readonly model: (spec: ModelSourceSpec) => Source;
}

/**
 * Makes the source that a spec asks for. It has still to be told of events (`source.observe`). Make each once, however many recommenders ask
 * for it, so that they share what it has learned and whether it rests.
 *
 * @throws RecoError `bad-config`
 */
export function makeSource(spec: SourceSpec, environment: SourceEnvironment): GuardedSource {
  return new GuardedSource(sourceOf(spec, environment), spec.deadline);
}

function sourceOf(spec: SourceSpec, { catalogue, weights, model }: SourceEnvironment): Source {
  switch (spec.kind) {
    case "model":
      return model(spec);
    case "trending":
      return new TrendingSource(weights, { ...spec, window: duration(spec.window, "window") });
    case "popular":
      return new PopularSource(weights, { ...spec, halfLife: duration(spec.halfLife, "halfLife") });
    case "newest":
      return new NewestSource(catalogue, spec);
    case "recently-viewed":
      return new RecentlyViewedSource(weights, spec);
    case "buy-again":
      return new BuyAgainSource(weights, spec);
    case "content":
      return new ContentSource(catalogue, spec);
    case "together":
      return new TogetherSource(weights, spec);
    case "custom":
      return spec.source;
  }
}

function duration(text: string | undefined, field: string): number | undefined {
  if (text === undefined) return undefined;
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined)
    throw new RecoError("bad-config", `${field} is ${JSON.stringify(text)}; write a length of time such as "30m", "6h" or "7d".`);
  return milliseconds;
}

/** What answers and blends call the source of a spec. */
export function sourceName(spec: SourceSpec): string {
  if (spec.kind === "custom") return spec.source.name;
  return spec.name ?? (spec.kind === "model" ? (spec.model ?? "model") : spec.kind);
}
