import type { TProperties } from "typebox";
import type { Random } from "../../../util/random.ts";
import type { Definition, OptionsOf } from "../../definition.ts";

/** What came of showing items, by item index. */
export interface Feedback {
  readonly shown: ArrayLike<number>;
  /** How often an item was taken when shown. */
  readonly taken: ArrayLike<number>;
  /** Taken by shown, over all items. */
  readonly rate: number;
}

/** A list that may change, and what may come into it. */
export interface Explorable {
  /** Positions by place. */
  readonly list: readonly number[];
  /** Places that may change, in order: not those of pins, nor of items that a minimum share needs. */
  readonly open: readonly number[];
  /** Positions of candidates that may come in, best first. Together with the list they break no cap. */
  readonly spares: readonly number[];
  /** Item index by position. */
  readonly members: Uint32Array;
  readonly feedback: Feedback;
  readonly random: Random;
}

/** A list after exploration. */
export interface Explored {
  /** Positions by place. */
  readonly list: readonly number[];
  /** How likely the item was to stand in its place, in (0, 1]. */
  readonly propensities: Float32Array;
}

/** Leaves some places of a list to chance, so that something is learned of items that would not be shown otherwise. */
export type Explore = (explorable: Explorable) => Explored;

/** A kind of exploration. */
export interface ExplorationDefinition<P extends TProperties = TProperties> extends Definition<P> {
  /** What the trace and `why` call it. */
  readonly words: string;
  create(options: OptionsOf<P>): Explore;
}

/** Exploration of any options. */
export interface AnyExplorationDefinition extends Definition {
  readonly words: string;
  create(options: never): Explore;
}

/** Defines a kind of exploration. A file of `rerank/exploration/` that exports one is registered by `npm run generate`. */
export function defineExploration<P extends TProperties>(definition: ExplorationDefinition<P>): ExplorationDefinition<P> {
  return definition;
}
