import type { TProperties } from "typebox";
import type { Random } from "../../../util/random.ts";
import type { Definition, OptionsOf } from "../../definition.ts";

/** Impressions and conversions, by item index. */
export interface Feedback {
  readonly shown: ArrayLike<number>;
  /** How many of these impressions led to a conversion. */
  readonly taken: ArrayLike<number>;
  /** Conversion rate over all items. */
  readonly rate: number;
}

/** A list that exploration may change, with the candidates it may add. */
export interface Explorable {
  /** Position of the member at each place. */
  readonly list: readonly number[];
  /** Places that may change, in order. Excludes pins and items that a minimum share needs. */
  readonly open: readonly number[];
  /** Positions of candidates that may be added, best first. Adding all of them to the list breaks no cap. */
  readonly spares: readonly number[];
  /** Item index by position. */
  readonly members: Uint32Array;
  readonly feedback: Feedback;
  readonly random: Random;
}

/** A list after exploration. */
export interface Explored {
  /** Position of the member at each place. */
  readonly list: readonly number[];
  /** The probability of each item in its place, in (0, 1]. */
  readonly propensities: Float32Array;
}

/** Chooses some places of a list at random, to learn about items that would not be shown otherwise. */
export type Explore = (explorable: Explorable) => Explored;

/** A kind of exploration. */
export interface ExplorationDefinition<P extends TProperties = TProperties> extends Definition<P> {
  /** Its name in the trace and in `why`. */
  readonly words: string;
  create(options: OptionsOf<P>): Explore;
}

/** A kind of exploration with any options. */
export interface AnyExplorationDefinition extends Definition {
  readonly words: string;
  create(options: never): Explore;
}

/** Defines a kind of exploration. `npm run generate` registers every file in `rerank/exploration/` that exports one. */
export function defineExploration<P extends TProperties>(definition: ExplorationDefinition<P>): ExplorationDefinition<P> {
  return definition;
}
