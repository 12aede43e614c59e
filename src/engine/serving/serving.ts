import { LRUCache } from "lru-cache";
import type { Schema } from "../../expression/check.ts";
import { compile, type Expression } from "../../expression/compile.ts";
import { assemblePipeline, type PipelineEnvironment } from "../../pipeline/assemble.ts";
import type { EventWeights } from "../../pipeline/event-weights.ts";
import type { GuardedSource } from "../../pipeline/guarded-source.ts";
import type { Pipeline } from "../../pipeline/pipeline.ts";
import type { RecommenderSpec } from "../../pipeline/recommender.gen.ts";
import type { PipelineRegistry } from "../../pipeline/registry.ts";
import type { Feedback } from "../../pipeline/rerank/exploration/define-exploration.ts";
import type { LearnedSoFar } from "../../pipeline/scorer/learned.ts";
import type { ProjectStore } from "../../store/store.ts";
import { TokenBucket } from "../../util/token-bucket.ts";
import type { EventFeed, EventObserver } from "../learning/event-feed.ts";
import type { EventTypeNames } from "../learning/event-type-names.ts";
import type { Learning } from "../learning/feedback-learner.ts";
import { AnswerPages } from "./answer-pages.ts";
import { ItemAudiences } from "./item-audiences.ts";
import type { NamedRecommender, Recommenders } from "./recommenders.ts";
import type { SourceRegistry } from "./source-registry.ts";

/**
 * Token bucket for impressions recorded with source scores: burst size and refill per second. Plenty to learn from without flooding the
 * store.
 */
const MOST_FEATURED = 10_000;
const FEATURED_PER_SECOND = 2;
/** Compiled expressions of requests to cache. */
const KEPT_EXPRESSIONS = 1000;

/** A recommender ready to answer. */
export interface Prepared {
  readonly spec: RecommenderSpec;
  readonly pipeline: Pipeline;
  /** Indices of the event types after which an item counts as seen; undefined for all. */
  readonly seenBy: readonly number[] | undefined;
}

export interface ServingParts {
  readonly store: ProjectStore;
  readonly weights: EventWeights;
  readonly types: EventTypeNames;
  readonly recommenders: Recommenders;
  readonly registry: SourceRegistry;
  /** The kinds of building blocks that recommenders can use. */
  readonly kinds: PipelineRegistry;
  readonly feed: EventFeed;
  /** The scorer learned for a recommender. */
  readonly learned: (name: string, spec: RecommenderSpec) => LearnedSoFar;
  readonly feedback: () => Feedback | undefined;
}

/** The pipelines that answer requests, made on first use and again when the types of properties change. */
export class Serving {
  readonly store: ProjectStore;
  readonly weights: EventWeights;
  readonly types: EventTypeNames;
  /** Limits impressions recorded with source scores. */
  readonly featured = new TokenBucket(MOST_FEATURED, FEATURED_PER_SECOND, Date.now());
  /** Recent answers, for requests that continue one. */
  readonly pages = new AnswerPages();
  readonly #parts: ServingParts;
  readonly #pipelines = new Map<string, { readonly spec: RecommenderSpec; readonly pipeline: Pipeline }>();
  /** The sources that each recommender's pipeline uses. */
  readonly #sources = new Map<string, readonly GuardedSource[]>();
  /** lru-cache is already a transitive dependency (@fastify/static); 75 ns per hit. */
  readonly #filters = this.#kept("boolean");
  readonly #boosts = this.#kept("number");
  #audiences: { readonly known: ItemAudiences; readonly observer: EventObserver } | undefined;
  #version = Number.NaN;
  #types = "";
  #schema: Schema = { properties: {} };

  constructor(parts: ServingParts) {
    this.store = parts.store;
    this.weights = parts.weights;
    this.types = parts.types;
    this.#parts = parts;
  }

  /** @throws RecoError `unknown-recommender`; `bad-expression` or `bad-config` if it doesn't fit the current properties */
  pipelineOf(name: string): Prepared {
    this.#follow();
    const { spec, origin } = this.#parts.recommenders.get(name);
    let kept = this.#pipelines.get(name);
    if (kept?.spec !== spec) {
      const used: GuardedSource[] = [];
      kept = { spec, pipeline: this.#assemble(name, answeringItems(spec), origin, used) };
      this.#pipelines.set(name, kept);
      this.#sources.set(name, used);
    }
    return { spec, pipeline: kept.pipeline, seenBy: this.#indicesOf(spec.seenBy) };
  }

  /**
   * Makes all pipelines, so that their sources start to learn, and releases sources that none of them uses anymore.
   *
   * @returns errors of the recommenders that could not be made, by name
   */
  prepare(): ReadonlyMap<string, unknown> {
    const failed = new Map<string, unknown>();
    const names = Object.keys(this.#parts.recommenders.all());
    for (const name of names)
      try {
        this.pipelineOf(name);
      } catch (error) {
        failed.set(name, error);
      }
    const there = new Set(names);
    for (const name of this.#sources.keys()) if (!there.has(name)) this.#sources.delete(name);
    for (const name of this.#pipelines.keys()) if (!there.has(name)) this.#pipelines.delete(name);
    this.#parts.registry.keepOnly(new Set([...this.#sources.values()].flat()));
    return failed;
  }

  /** Makes what learned from events anew, without those that were removed. Until then, lists are as before. */
  async relearn(): Promise<void> {
    await this.#parts.registry.renew();
    if (this.#audiences !== undefined) this.#parts.feed.remove(this.#audiences.observer);
    this.#audiences = undefined;
    this.#pipelines.clear();
    this.prepare();
  }

  /** The recommenders with a learned scorer. */
  learning(): Learning[] {
    const learning: Learning[] = [];
    for (const [name, { spec, pipeline }] of this.#pipelines)
      if (pipeline.parts.learned !== undefined) learning.push({ name, spec, sources: pipeline.parts.sources.map((source) => source.name) });
    return learning;
  }

  /** A recommender's pipeline without exploration, not cached: for evaluation. */
  withoutExploration(name: string): Pipeline {
    const { spec, origin } = this.#parts.recommenders.get(name);
    return this.#assemble(name, { ...spec, exploration: undefined }, origin, []);
  }

  /** The filter of a request. @throws RecoError `bad-expression` */
  filter(text: string): Expression {
    this.#follow();
    return this.#filters.memo(text);
  }

  /** A boost of a request. @throws RecoError `bad-expression` */
  boost(text: string): Expression {
    this.#follow();
    return this.#boosts.memo(text);
  }

  #kept(result: "boolean" | "number"): LRUCache<string, Expression> {
    return new LRUCache({ max: KEPT_EXPRESSIONS, memoMethod: (text) => compile(text, { ...this.#schema, result }) });
  }

  /** The properties that expressions can currently use. */
  get schema(): Schema {
    this.#follow();
    return this.#schema;
  }

  /** The configuration may use properties that no item has yet; they are then missing values. */
  #assemble(name: string, spec: RecommenderSpec, origin: NamedRecommender["origin"], used: GuardedSource[]): Pipeline {
    const { store, registry, kinds, recommenders, learned, feedback } = this.#parts;
    const named = recommenders.get(name).spec;
    const environment: PipelineEnvironment = {
      catalog: store.catalog,
      available: (now) => store.catalog.available(now),
      indexOf: (id) => store.items.indexOf(id),
      schema: origin === "config" ? { ...this.#schema, open: true } : this.#schema,
      registry: kinds,
      source: (source) => {
        const guarded = registry.get(source);
        used.push(guarded);
        return guarded;
      },
      learned: () => learned(name, named),
      feedback,
    };
    return assemblePipeline(spec, environment, `recommenders.${name}`);
  }

  /** Drops compiled pipelines and expressions when a property is added or changes type. */
  #follow(): void {
    const { catalog } = this.store;
    if (catalog.version === this.#version) return;
    this.#version = catalog.version;
    const properties = catalog.schema;
    const types = JSON.stringify(properties);
    if (types === this.#types) return;
    this.#types = types;
    this.#schema = { properties };
    this.#pipelines.clear();
    this.#filters.clear();
    this.#boosts.clear();
  }

  /** The users who recently interacted with each item; built on first use. */
  async audiences(): Promise<ItemAudiences> {
    const { feed } = this.#parts;
    if (this.#audiences === undefined) {
      const known = new ItemAudiences(this.weights);
      const observer: EventObserver = { name: "The audiences of items", observe: (events) => known.observe(events) };
      this.#audiences = { known, observer };
      feed.add(observer);
    }
    const { known } = this.#audiences;
    await feed.settled;
    return known;
  }

  #indicesOf(names: readonly string[] | undefined): readonly number[] | undefined {
    if (names === undefined) return undefined;
    return names.map((name) => this.types.indexOf(name));
  }
}

/** For a recommender that returns users, the pipeline only retrieves the neighbors through which users are found, with no fallbacks. */
function answeringItems(spec: RecommenderSpec): RecommenderSpec {
  if (spec.for === "items-to-users") return { for: "items", sources: spec.sources, scorer: spec.scorer, fallbacks: [] };
  if (spec.for === "similar-users") return { sources: [], fallbacks: [] };
  return spec;
}
