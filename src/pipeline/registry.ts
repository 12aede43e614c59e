import type { TProperties, TSchema, TUnsafe } from "typebox";
import { RecoError } from "../util/errors.ts";
import { didYouMean } from "../util/nearest-names.ts";
import { type AnySourceDefinition, type SourceTraits, sourceOptions } from "./define-source.ts";
import { type Definition, definitionProblems, type Part, type Registered, schemaOf } from "./definition.ts";
import { fallbacksOf, sourcesOf } from "./ready-made.ts";
import type { RecommenderSpec, SourceSpec } from "./recommender.gen.ts";
import { recommenderSchema } from "./recommender.ts";
import { diversities, explorations, scorers, sources } from "./registry.gen.ts";
import { type AnyDiversityDefinition, diversityOptions } from "./rerank/diversity/define-diversity.ts";
import type { AnyExplorationDefinition } from "./rerank/exploration/define-exploration.ts";
import { type AnyScorerDefinition, type ScorerTraits, scorerOptions } from "./scorer/scorer.ts";

/** The kinds of one part of a recommender. Their schemas are there at once; their code is loaded when a recommender uses them. */
class Kinds<D extends Definition, T> {
  readonly #part: Part;
  readonly #entries: Map<string, Registered<D, T>>;
  readonly #loaded = new Map<string, D>();

  /** @throws RecoError `bad-config` for an extra definition that cannot be used */
  constructor(part: Part, builtIn: Readonly<Record<string, Registered<D, T>>>, shared: TProperties, extra: readonly (D & T)[] = []) {
    this.#part = part;
    this.#entries = new Map(Object.entries(builtIn));
    for (const definition of extra) {
      const { kind } = definition;
      const problems = definitionProblems(definition, shared);
      if (this.#entries.has(kind) || kind === "custom") problems.push("There is already one of this kind. Choose another name.");
      if (problems.length > 0)
        throw new RecoError("bad-config", `The ${part.toLowerCase()} ${JSON.stringify(kind)} cannot be used. ${problems.join(" ")}`);
      this.#entries.set(kind, { schema: schemaOf(part, definition, shared), traits: definition, load: async () => definition });
      this.#loaded.set(kind, definition);
    }
  }

  /** Of every kind, with its options. */
  get schemas(): readonly TSchema[] {
    return [...this.#entries.values()].map(({ schema }) => schema as TSchema);
  }

  traits(kind: string): Partial<T> {
    return this.#entries.get(kind)?.traits ?? {};
  }

  /** Loads a kind; undefined where it is loaded already, and for kinds that do not exist. */
  load(kind: string): Promise<void> | undefined {
    const entry = this.#entries.get(kind);
    if (entry === undefined || this.#loaded.has(kind)) return undefined;
    return entry.load().then((definition) => {
      this.#loaded.set(kind, definition);
    });
  }

  /** @throws RecoError `bad-config` for a kind that does not exist or is not loaded */
  get(kind: string): D {
    const definition = this.#loaded.get(kind);
    if (definition !== undefined) return definition;
    throw new RecoError(
      "bad-config",
      this.#entries.has(kind)
        ? `The ${this.#part.toLowerCase()} "${kind}" is not loaded. Await registry.load(spec) before using the recommender.`
        : `No ${this.#part.toLowerCase()} is of kind "${kind}".${didYouMean(kind, this.#entries.keys())}`,
    );
  }
}

/** Kinds beside the built-in ones. */
export interface OwnKinds {
  readonly sources?: readonly AnySourceDefinition[];
  readonly scorers?: readonly AnyScorerDefinition[];
  readonly diversities?: readonly AnyDiversityDefinition[];
  readonly explorations?: readonly AnyExplorationDefinition[];
}

/**
 * Everything recommenders can be made of: the kinds of sources, scorers, diversity and exploration, with the schema of a recommender that
 * follows from them.
 *
 * Code is loaded when a recommender uses it: `await registry.load(spec)` once, and from then on everything is synchronous.
 */
export class PipelineRegistry {
  readonly sources: Kinds<AnySourceDefinition, SourceTraits>;
  readonly scorers: Kinds<AnyScorerDefinition, ScorerTraits>;
  readonly diversities: Kinds<AnyDiversityDefinition, unknown>;
  readonly explorations: Kinds<AnyExplorationDefinition, unknown>;
  /** Of a recommender as plain data, as it comes over HTTP. */
  readonly schema: TUnsafe<RecommenderSpec>;
  /** Of a recommender in a configuration, where sources may be code. */
  readonly configSchema: TUnsafe<RecommenderSpec>;

  /** @throws RecoError `bad-config` for a kind that is there already, or has no description */
  constructor(own: OwnKinds = {}) {
    this.sources = new Kinds("Source", sources, sourceOptions, own.sources);
    this.scorers = new Kinds("Scorer", scorers, scorerOptions, own.scorers);
    this.diversities = new Kinds("Diversity", diversities, diversityOptions, own.diversities);
    this.explorations = new Kinds("Exploration", explorations, {}, own.explorations);
    const kinds = {
      sources: this.sources.schemas,
      scorers: this.scorers.schemas,
      diversities: this.diversities.schemas,
      explorations: this.explorations.schemas,
    };
    this.schema = recommenderSchema(kinds, { custom: false });
    this.configSchema = recommenderSchema(kinds, { custom: true });
  }

  /** Loads the code of everything that a recommender uses; undefined where all of it is there already. */
  load(spec: RecommenderSpec): Promise<unknown> | undefined {
    const loading = [
      ...[...sourcesOf(spec), ...fallbacksOf(spec)].map(({ kind }) => this.sources.load(kind)),
      this.scorers.load(spec.scorer?.kind ?? "blend"),
      spec.diversity && this.diversities.load(spec.diversity.kind),
      spec.exploration && this.explorations.load(spec.exploration.kind),
    ].filter((promise) => promise !== undefined);
    return loading.length === 0 ? undefined : Promise.all(loading);
  }

  /** What answers and weights call the source of a spec. */
  nameOf(spec: SourceSpec): string {
    if (spec.kind === "custom") return spec.source.name;
    const { namedBy } = this.sources.traits(spec.kind);
    const given = namedBy === undefined ? undefined : (spec as object as Readonly<Record<string, unknown>>)[namedBy];
    return spec.name ?? (typeof given === "string" ? given : spec.kind);
  }
}
