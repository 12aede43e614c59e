// Made by scripts/generate.mjs. Do not edit.

import type { Source } from "./source.ts";

/** Items the user buys regularly, when they are due. */
export interface BuyAgainSourceSpec {
  readonly kind: "buy-again";
  /** The event type of a purchase. Default: the type with the highest weight. */
  readonly event?: string;
  /** The name answers and weights refer to it by. Default: its kind, or the model's name for a model. */
  readonly name?: string;
  /** How long to wait for it, in milliseconds. Default 50. */
  readonly deadline?: number;
}

/** Items with similar properties: text, categories, numbers, vectors. Works for new items as soon as they have properties. */
export interface ContentSourceSpec {
  readonly kind: "content";
  /** Properties to compare by. Default: all of type text, category, categories, number and vector. */
  readonly properties?: readonly string[];
  /** The name answers and weights refer to it by. Default: its kind, or the model's name for a model. */
  readonly name?: string;
  /** How long to wait for it, in milliseconds. Default 50. */
  readonly deadline?: number;
}

/** Recommendations from a fitted model: the one selected by training, or one by name. */
export interface ModelSourceSpec {
  readonly kind: "model";
  /** The model to use, which is then trained in addition to the selected one. Default: the model selected by training. */
  readonly model?: string;
  /** Options of the named model. */
  readonly options?: Readonly<Record<string, number | string | boolean>>;
  /** The name answers and weights refer to it by. Default: its kind, or the model's name for a model. */
  readonly name?: string;
  /** How long to wait for it, in milliseconds. Default 50. */
  readonly deadline?: number;
}

/** The newest items. */
export interface NewestSourceSpec {
  readonly kind: "newest";
  /** A property of type time or number to sort by. Default: when the item was first seen. */
  readonly by?: string;
  /** The name answers and weights refer to it by. Default: its kind, or the model's name for a model. */
  readonly name?: string;
  /** How long to wait for it, in milliseconds. Default 50. */
  readonly deadline?: number;
}

/** Most events. */
export interface PopularSourceSpec {
  readonly kind: "popular";
  /** The time in which an event loses half its weight, such as `"30d"`. Default: all events count equally. */
  readonly halfLife?: string;
  /** The event type to count, each event as 1. Default: all, by weight. */
  readonly event?: string;
  /** The name answers and weights refer to it by. Default: its kind, or the model's name for a model. */
  readonly name?: string;
  /** How long to wait for it, in milliseconds. Default 50. */
  readonly deadline?: number;
}

/** The user's recent items, newest first. */
export interface RecentlyViewedSourceSpec {
  readonly kind: "recently-viewed";
  /** The event type to use. Default: all. */
  readonly event?: string;
  /** The name answers and weights refer to it by. Default: its kind, or the model's name for a model. */
  readonly name?: string;
  /** How long to wait for it, in milliseconds. Default 50. */
  readonly deadline?: number;
}

/** Items that co-occur in a session or basket with the given items, or with the newest ones of the history. Learns from every event. */
export interface TogetherSourceSpec {
  readonly kind: "together";
  /** The event type to count. Default: all with a positive weight. */
  readonly event?: string;
  /** The name answers and weights refer to it by. Default: its kind, or the model's name for a model. */
  readonly name?: string;
  /** How long to wait for it, in milliseconds. Default 50. */
  readonly deadline?: number;
}

/** Items on the rise: recent events compared with earlier ones. */
export interface TrendingSourceSpec {
  readonly kind: "trending";
  /** The length of the recent period, such as `"7d"`. Default: adapts to the rate of events. */
  readonly window?: string;
  /** The event type to count. Default: all with a positive weight. */
  readonly event?: string;
  /** The name answers and weights refer to it by. Default: its kind, or the model's name for a model. */
  readonly name?: string;
  /** How long to wait for it, in milliseconds. Default 50. */
  readonly deadline?: number;
}

/** Your own code. Allowed in configurations, not over HTTP. */
export interface CustomSourceSpec {
  readonly kind: "custom";
  /** An object with a `name` and a method `candidates`. */
  readonly source: Source;
  /** How long to wait for it, in milliseconds. Default 50. */
  readonly deadline?: number;
}

/** Source: its kinds, by name. Declare more of them here to use your own in typed configurations. */
export interface SourceKinds {
  "buy-again": BuyAgainSourceSpec;
  content: ContentSourceSpec;
  model: ModelSourceSpec;
  newest: NewestSourceSpec;
  popular: PopularSourceSpec;
  "recently-viewed": RecentlyViewedSourceSpec;
  together: TogetherSourceSpec;
  trending: TrendingSourceSpec;
  custom: CustomSourceSpec;
}

/** Where candidates come from. */
export type SourceSpec = SourceKinds[keyof SourceKinds];

/** The weighted sum over all sources. */
export interface BlendScorerSpec {
  readonly kind: "blend";
  /** What to add up: the items' ranks in each source (`ranks`, the default; reciprocal rank fusion, Cormack et al. 2009) or their scores, normalized per source (`scores`). */
  readonly method?: "ranks" | "scores";
  /** Weight of each source, by name. Default 1. */
  readonly weights?: Readonly<Record<string, number>>;
}

/** Learned from impressions and their outcomes once there is enough data. Until then, a blend. */
export interface LearnedScorerSpec {
  readonly kind: "learned";
  /** What to add up: the items' ranks in each source (`ranks`, the default; reciprocal rank fusion, Cormack et al. 2009) or their scores, normalized per source (`scores`). */
  readonly method?: "ranks" | "scores";
  /** Weight of each source, by name. Default 1. */
  readonly weights?: Readonly<Record<string, number>>;
}

/** Scorer: its kinds, by name. Declare more of them here to use your own in typed configurations. */
export interface ScorerKinds {
  blend: BlendScorerSpec;
  learned: LearnedScorerSpec;
}

/** How to combine the scores of several sources. */
export type ScorerSpec = ScorerKinds[keyof ScorerKinds];

/** Multiplies scores by a factor. */
export interface BoostSpec {
  /** An expression that gives the factor: `if fresh then 1.2 else 1`. */
  readonly by: string;
}

/** Puts an item in a fixed place. */
export interface PinSpec {
  /** The item's id. It may not exist yet. */
  readonly item: string;
  /** From 1. */
  readonly place: number;
  /** An expression over user, context and parameters. Default: always. */
  readonly when?: string;
}

/** Limits how many items with the same value a list may have. */
export interface CapSpec {
  /** A property of type category or categories. */
  readonly by: string;
  /** Maximum number of items with the same value in a list. */
  readonly max: number;
}

/** Gives some items a minimum share of a list. */
export interface ShareSpec {
  /** An expression that selects the items: `season = "spring"`. */
  readonly of: string;
  /** The minimum share of the list, above 0 and at most 1. Met as far as there are such items. */
  readonly min: number;
}

/** Once items with the same value take this share of the list, all others come first. Unlike a cap, it never makes a list shorter. */
export interface ShareLimitSpec {
  /** A property of type category or categories. If no item has it, there is no limit. */
  readonly by: string;
  /** The share of the list that items with the same value may take. */
  readonly share: number;
}

/** Greedy determinantal point process (Chen et al. 2018): diversifies the list as a whole. */
export interface DppDiversitySpec {
  readonly kind: "dpp";
  /** From 0 (no effect) to 1 (ignore relevance). Default 0.2. */
  readonly strength?: number;
  /** Once items with the same value take this share of the list, all others come first. Unlike a cap, it never makes a list shorter. */
  readonly limit?: ShareLimitSpec;
  /** Item properties to compare items by. Default: all properties of type category, categories or vector. */
  readonly by?: readonly string[];
}

/** Maximal marginal relevance (Carbonell and Goldstein 1998): mildly favors variety. */
export interface MmrDiversitySpec {
  readonly kind: "mmr";
  /** From 0 (no effect) to 1 (ignore relevance). Default 0.2. */
  readonly strength?: number;
  /** Once items with the same value take this share of the list, all others come first. Unlike a cap, it never makes a list shorter. */
  readonly limit?: ShareLimitSpec;
  /** Item properties to compare items by. Default: all properties of type category, categories or vector. */
  readonly by?: readonly string[];
}

/** Diversity: its kinds, by name. Declare more of them here to use your own in typed configurations. */
export interface DiversityKinds {
  dpp: DppDiversitySpec;
  mmr: MmrDiversitySpec;
}

/** Prefer items that differ from those already in the list. */
export type DiversitySpec = DiversityKinds[keyof DiversityKinds];

/** Bring the mix of categories in a list close to that of the user's history (Steck 2018). */
export interface CalibrationSpec {
  /** A property of type category or categories. */
  readonly by: string;
  /** From 0 (no effect) to 1 (ignore relevance). */
  readonly strength: number;
}

/** Gives each place to a random candidate with a fixed probability. */
export interface EpsilonExplorationSpec {
  readonly kind: "epsilon";
  /** The probability for each place. */
  readonly epsilon: number;
}

/** Thompson sampling on each item's conversion rate. Works best with many requests. */
export interface ThompsonExplorationSpec {
  readonly kind: "thompson";
  /** The share of places to explore, counted from the end of the list. Default 1. */
  readonly share?: number;
}

/** Exploration: its kinds, by name. Declare more of them here to use your own in typed configurations. */
export interface ExplorationKinds {
  epsilon: EpsilonExplorationSpec;
  thompson: ThompsonExplorationSpec;
}

/** Choose some places at random, to learn about items that would not be shown otherwise. */
export type ExplorationSpec = ExplorationKinds[keyof ExplorationKinds];

/** A named recipe for a list: sources, filters, a scorer, re-ranking, exploration, fallbacks. */
export interface RecommenderSpec {
  /** What to recommend: items for a person (`user`, the default), items that go with given ones (`items`), users who would want an item (`items-to-users`), or users similar to a user (`similar-users`). */
  readonly for?: "user" | "items" | "items-to-users" | "similar-users";
  /** Where candidates come from. Default: model, together and content. */
  readonly sources?: readonly SourceSpec[];
  /** If the request names no items, use the strongest recent item of the user ("because you liked …"). Default: use the whole history. */
  readonly anchor?: "strongest";
  /** An expression that items must satisfy. */
  readonly filter?: string;
  /** Whether to return items the user has already seen. Default: only if all sources are about seen items (recently-viewed, buy-again). */
  readonly includeSeen?: boolean;
  /** Event types that mark an item as seen until they are undone. Default: all but those that only undo others, such as `unlike`. */
  readonly seenBy?: readonly string[];
  /** How to combine the scores of several sources. */
  readonly scorer?: ScorerSpec;
  /** Factors that scores are multiplied by. */
  readonly boosts?: readonly BoostSpec[];
  /** Items in fixed places, for example for a campaign while its `when` is true. */
  readonly pins?: readonly PinSpec[];
  /** Upper limits per value of a property, for example at most two items per brand. */
  readonly caps?: readonly CapSpec[];
  /** Lower limits, for example at least a fifth from this season. */
  readonly shares?: readonly ShareSpec[];
  /** Prefer items that differ from those already in the list. */
  readonly diversity?: DiversitySpec;
  /** Bring the mix of categories in a list close to that of the user's history (Steck 2018). */
  readonly calibration?: CalibrationSpec;
  /** Choose some places at random, to learn about items that would not be shown otherwise. */
  readonly exploration?: ExplorationSpec;
  /** Sources that fill a short list, in this order. Default: trending and popular. Set an empty list to leave lists short. */
  readonly fallbacks?: readonly SourceSpec[];
}
