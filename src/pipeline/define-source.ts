import { type TProperties, Type } from "typebox";
import { Label } from "../data/text-schemas.ts";
import type { Definition, OptionsOf } from "./definition.ts";
import type { EventWeights } from "./event-weights.ts";
import type { ModelSourceSpec } from "./recommender.gen.ts";
import type { CatalogueView, Source } from "./source.ts";

/** What sources of a project are made from. */
export interface SourceEnvironment {
  readonly catalogue: CatalogueView;
  readonly weights: EventWeights;
  /** The source of a model, a `ModelSource` as a rule, which whoever trains puts models into. */
  readonly model: (spec: ModelSourceSpec) => Source;
}

/** What must be known of a kind of source before it is loaded. */
export interface SourceTraits {
  /** The option that gives a source its name where the recommender gives none; without it, the kind does. */
  readonly namedBy?: string;
  /** It names items the user already had, so a recommender of such sources alone does not leave seen items out. */
  readonly repeats?: boolean;
}

/** A kind of source: its options, and how to make one. */
export interface SourceDefinition<P extends TProperties = TProperties> extends Definition<P>, SourceTraits {
  /** Called once for all recommenders that ask for the same. Options are those of the recommender, checked; `name` is always there. */
  create(options: OptionsOf<P> & { readonly name: string }, environment: SourceEnvironment): Source;
}

/** A source of any options. */
export interface AnySourceDefinition extends Definition, SourceTraits {
  create(options: never, environment: SourceEnvironment): Source;
}

/** Options that every source has. */
export const sourceOptions = {
  name: Type.Optional({ ...Label, description: "What answers and weights call it. By default its kind, or for a model the model's name." }),
  deadline: Type.Optional(
    Type.Number({ minimum: 1, maximum: 60_000, description: "How long an answer waits for it, in milliseconds. Default 50." }),
  ),
};

/** The options of a kind of source, as its class takes them. */
export type SourceOptions<P extends TProperties> = OptionsOf<P> & { readonly name?: string };

/** Defines a kind of source. A file of `sources/` that exports one is registered by `npm run generate`. */
export function defineSource<const K extends string, P extends TProperties>(
  definition: SourceDefinition<P> & { readonly kind: K },
): SourceDefinition<P> & { readonly kind: K } {
  return definition;
}

/** How a source of a kind of your own stands in a recommender: `declare module "recobase/config" { interface SourceKinds { … } }`. */
export type SpecOf<D extends AnySourceDefinition> = { readonly kind: D["kind"] } & OptionsOf<D["options"] & typeof sourceOptions>;
