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

/** The kinds of one part of a recommender. Schemas are available immediately; code is loaded when a recommender uses it. */
class Kinds<D extends Definition, T> {
  readonly #part: Part;
  readonly #entries: Map<string, Registered<D, T>>;
  readonly #loaded = new Map<string, D>();

  /** @throws RecoError `bad-config` if one of `extra` is invalid */
  constructor(part: Part, builtIn: Readonly<Record<string, Registered<D, T>>>, shared: TProperties, extra: readonly (D & T)[] = []) {
    this.#part = part;
    this.#entries = new Map(Object.entries(builtIn));
    for (const definition of extra) {
      const { kind } = definition;
      const problems = definitionProblems(definition, shared);
      if (this.#entries.has(kind) || kind === "custom") problems.push("This kind already exists. Choose another name.");
      if (problems.length > 0)
        throw new RecoError("bad-config", `The ${part.toLowerCase()} ${JSON.stringify(kind)} cannot be used. ${problems.join(" ")}`);
      this.#entries.set(kind, { schema: schemaOf(part, definition, shared), traits: definition, load: async () => definition });
      this.#loaded.set(kind, definition);
    }
  }

  /** The schemas of all kinds, with their options. */
  get schemas(): readonly TSchema[] {
    return [...this.#entries.values()].map(({ schema }) => schema as TSchema);
  }

  traits(kind: string): Partial<T> {
    return this.#entries.get(kind)?.traits ?? {};
  }

  /** Loads a kind. Returns undefined if it is already loaded or doesn't exist. */
  load(kind: string): Promise<void> | undefined {
    const entry = this.#entries.get(kind);
    if (entry === undefined || this.#loaded.has(kind)) return undefined;
    return entry.load().then((definition) => {
      this.#loaded.set(kind, definition);
    });
  }

  /** @throws RecoError `bad-config` if the kind doesn't exist or isn't loaded */
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

/** Your own kinds, in addition to the built-in ones. */
export interface OwnKinds {
  readonly sources?: readonly AnySourceDefinition[];
  readonly scorers?: readonly AnyScorerDefinition[];
  readonly diversities?: readonly AnyDiversityDefinition[];
  readonly explorations?: readonly AnyExplorationDefinition[];
}

/**
 * All available kinds of sources, scorers, diversity and exploration, and the recommender schema derived from them.
 *
 * Code is loaded on demand: `await registry.load(spec)` once, and everything after that is synchronous.
 */
export class PipelineRegistry {
  readonly sources: Kinds<AnySourceDefinition, SourceTraits>;
  readonly scorers: Kinds<AnyScorerDefinition, ScorerTraits>;
  readonly diversities: Kinds<AnyDiversityDefinition, unknown>;
  readonly explorations: Kinds<AnyExplorationDefinition, unknown>;
  /** The schema of a recommender as plain data, as sent over HTTP. */
  readonly schema: TUnsafe<RecommenderSpec>;
  /** The schema of a recommender in a configuration, where sources may be code. */
  readonly configSchema: TUnsafe<RecommenderSpec>;

  /** @throws RecoError `bad-config` if a kind already exists or has no description */
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

  /** Loads the code of everything a recommender uses. Returns undefined if all of it is already loaded. */
  load(spec: RecommenderSpec): Promise<unknown> | undefined {
    const loading = [
      ...[...sourcesOf(spec), ...fallbacksOf(spec)].map(({ kind }) => this.sources.load(kind)),
      this.scorers.load(spec.scorer?.kind ?? "blend"),
      spec.diversity && this.diversities.load(spec.diversity.kind),
      spec.exploration && this.explorations.load(spec.exploration.kind),
    ].filter((promise) => promise !== undefined);
    return loading.length === 0 ? undefined : Promise.all(loading);
  }

  /** The name answers and weights use for the source of a spec. */
  nameOf(spec: SourceSpec): string {
    if (spec.kind === "custom") return spec.source.name;
    const { namedBy } = this.sources.traits(spec.kind);
    const given = namedBy === undefined ? undefined : (spec as object as Readonly<Record<string, unknown>>)[namedBy];
    return spec.name ?? (typeof given === "string" ? given : spec.kind);
  }
}
