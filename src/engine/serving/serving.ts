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
import type { EventFeed } from "../learning/event-feed.ts";
import type { EventTypeNames } from "../learning/event-type-names.ts";
import type { Learning } from "../learning/feedback-learner.ts";
import { ItemAudiences } from "./item-audiences.ts";
import type { NamedRecommender, Recommenders } from "./recommenders.ts";
import type { SourceRegistry } from "./source-registry.ts";

/** So many answers are kept with what their sources said at once, and so many a second: plenty to learn from, and no flood. */
const MOST_FEATURED = 10_000;
const FEATURED_PER_SECOND = 2;
/** Expressions of requests that are kept ready. */
const KEPT_EXPRESSIONS = 1000;

/** A recommender ready to be asked. */
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
  /** What recommenders can be made of. */
  readonly kinds: PipelineRegistry;
  readonly feed: EventFeed;
  /** What was learned for a recommender. */
  readonly learned: (name: string, spec: RecommenderSpec) => LearnedSoFar;
  readonly feedback: () => Feedback | undefined;
}

/** What requests are answered from, made when it is first asked for and made anew when the types of properties change. */
export class Serving {
  readonly store: ProjectStore;
  readonly weights: EventWeights;
  readonly types: EventTypeNames;
  /** Answers that are kept with what their sources said. */
  readonly featured = new TokenBucket(MOST_FEATURED, FEATURED_PER_SECOND, Date.now());
  readonly #parts: ServingParts;
  readonly #pipelines = new Map<string, { readonly spec: RecommenderSpec; readonly pipeline: Pipeline }>();
  /** What the pipeline of each recommender asks. */
  readonly #sources = new Map<string, readonly GuardedSource[]>();
  /** By lru-cache, which is in the tree already (@fastify/static): 75 ns a hit. */
  readonly #filters = this.#kept("boolean");
  readonly #boosts = this.#kept("number");
  #audiences: ItemAudiences | undefined;
  #version = Number.NaN;
  #types = "";
  #schema: Schema = { properties: {} };

  constructor(parts: ServingParts) {
    this.store = parts.store;
    this.weights = parts.weights;
    this.types = parts.types;
    this.#parts = parts;
  }

  /** @throws RecoError `unknown-recommender`; `bad-expression` or `bad-config` where it does not fit the properties there are now */
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
   * Makes all pipelines, so that their sources begin to learn, and lets go of sources that none of them asks any more.
   *
   * @returns what is wrong with those that cannot be made, by name
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

  /** The recommenders whose scorers learn. */
  learning(): Learning[] {
    const learning: Learning[] = [];
    for (const [name, { spec, pipeline }] of this.#pipelines)
      if (pipeline.parts.learned !== undefined) learning.push({ name, spec, sources: pipeline.parts.sources.map((source) => source.name) });
    return learning;
  }

  /** The pipeline of a recommender that leaves nothing to chance, not kept: for measuring. */
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

  /** What expressions may speak of now. */
  get schema(): Schema {
    this.#follow();
    return this.#schema;
  }

  /** The configuration may speak of properties that no item has yet; they are then without a value. */
  #assemble(name: string, spec: RecommenderSpec, origin: NamedRecommender["origin"], used: GuardedSource[]): Pipeline {
    const { store, registry, kinds, recommenders, learned, feedback } = this.#parts;
    const named = recommenders.get(name).spec;
    const environment: PipelineEnvironment = {
      catalogue: store.catalogue,
      available: (now) => store.catalogue.available(now),
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

  /** Forgets what was compiled when the type of a property changed or there is a new one. */
  #follow(): void {
    const { catalogue } = this.store;
    if (catalogue.version === this.#version) return;
    this.#version = catalogue.version;
    const properties = catalogue.schema;
    const types = JSON.stringify(properties);
    if (types === this.#types) return;
    this.#types = types;
    this.#schema = { properties };
    this.#pipelines.clear();
    this.#filters.clear();
    this.#boosts.clear();
  }

  /** Who did something with each item lately; gathered when it is first asked for. */
  async audiences(): Promise<ItemAudiences> {
    const { feed } = this.#parts;
    if (this.#audiences === undefined) {
      this.#audiences = new ItemAudiences();
      const audiences = this.#audiences;
      feed.add({ name: "The audiences of items", observe: (events) => audiences.observe(events) });
    }
    await feed.settled;
    return this.#audiences;
  }

  #indicesOf(names: readonly string[] | undefined): readonly number[] | undefined {
    if (names === undefined) return undefined;
    return names.map((name) => this.types.indexOf(name));
  }
}

/** Where users are asked for, the pipeline finds the items that they are found by: neighbours alone, nothing that merely fills a list. */
function answeringItems(spec: RecommenderSpec): RecommenderSpec {
  if (spec.for === "items-to-users") return { for: "items", sources: spec.sources, scorer: spec.scorer, fallbacks: [] };
  if (spec.for === "similar-users") return { sources: [], fallbacks: [] };
  return spec;
}
