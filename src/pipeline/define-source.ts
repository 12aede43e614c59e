import { type TProperties, Type } from "typebox";
import { Label } from "../data/text-schemas.ts";
import type { Definition, OptionsOf } from "./definition.ts";
import type { EventWeights } from "./event-weights.ts";
import type { ModelSourceSpec } from "./recommender.gen.ts";
import type { CatalogView, Source } from "./source.ts";

/** What a project offers its sources. */
export interface SourceEnvironment {
  readonly catalog: CatalogView;
  readonly weights: EventWeights;
  /** The source for a model, usually a `ModelSource` that the trainer puts models into. */
  readonly model: (spec: ModelSourceSpec) => Source;
}

/** Traits of a kind of source that are known before its code is loaded. */
export interface SourceTraits {
  /** The option that names a source if the recommender doesn't. Default: the kind is the name. */
  readonly namedBy?: string;
  /** It returns items the user already had. A recommender with only such sources doesn't drop seen items. */
  readonly repeats?: boolean;
}

/** A kind of source: its options and how to create it. */
export interface SourceDefinition<P extends TProperties = TProperties> extends Definition<P>, SourceTraits {
  /** Called once for all recommenders with the same options. The options are already checked, and `name` is always set. */
  create(options: OptionsOf<P> & { readonly name: string }, environment: SourceEnvironment): Source;
}

/** A kind of source with any options. */
export interface AnySourceDefinition extends Definition, SourceTraits {
  create(options: never, environment: SourceEnvironment): Source;
}

/** Options of every source. */
export const sourceOptions = {
  name: Type.Optional({
    ...Label,
    description: "The name answers and weights refer to it by. Default: its kind, or the model's name for a model.",
  }),
  deadline: Type.Optional(
    Type.Number({ minimum: 1, maximum: 60_000, description: "How long to wait for it, in milliseconds. Default 50." }),
  ),
};

/** The options of a kind of source, as passed to its class. */
export type SourceOptions<P extends TProperties> = OptionsOf<P> & { readonly name?: string };

/** Defines a kind of source. `npm run generate` registers every file in `sources/` that exports one. */
export function defineSource<const K extends string, P extends TProperties>(
  definition: SourceDefinition<P> & { readonly kind: K },
): SourceDefinition<P> & { readonly kind: K } {
  return definition;
}

/** The spec of your own kind of source in a recommender: `declare module "recobase/config" { interface SourceKinds { … } }`. */
export type SpecOf<D extends AnySourceDefinition> = { readonly kind: D["kind"] } & OptionsOf<D["options"] & typeof sourceOptions>;
