// Made by scripts/generate.mjs. Do not edit.

import type { Source } from "./source.ts";

/** What the user buys again and again, when it is due. */
export interface BuyAgainSourceSpec {
  readonly kind: "buy-again";
  /** The event type of a purchase. Default: the type with the highest weight. */
  readonly event?: string;
  /** What answers and weights call it. By default its kind, or for a model the model's name. */
  readonly name?: string;
  /** How long an answer waits for it, in milliseconds. Default 50. */
  readonly deadline?: number;
}

/** Items alike in their properties: text, categories, numbers, vectors. Knows an item from the moment it has properties. */
export interface ContentSourceSpec {
  readonly kind: "content";
  /** Properties to compare by. Default: all of type text, category, categories, number and vector. */
  readonly properties?: readonly string[];
  /** What answers and weights call it. By default its kind, or for a model the model's name. */
  readonly name?: string;
  /** How long an answer waits for it, in milliseconds. Default 50. */
  readonly deadline?: number;
}

/** What a fitted model thinks this person wants: the model that training chose, or one by name. */
export interface ModelSourceSpec {
  readonly kind: "model";
  /** A model by name, which is then trained beside the chosen one. Default: the one training chose. */
  readonly model?: string;
  /** Options of that model. */
  readonly options?: Readonly<Record<string, number | string | boolean>>;
  /** What answers and weights call it. By default its kind, or for a model the model's name. */
  readonly name?: string;
  /** How long an answer waits for it, in milliseconds. Default 50. */
  readonly deadline?: number;
}

/** The newest items first. */
export interface NewestSourceSpec {
  readonly kind: "newest";
  /** A property of type time or number that says how new an item is. Default: when it was first seen. */
  readonly by?: string;
  /** What answers and weights call it. By default its kind, or for a model the model's name. */
  readonly name?: string;
  /** How long an answer waits for it, in milliseconds. Default 50. */
  readonly deadline?: number;
}

/** Most events. */
export interface PopularSourceSpec {
  readonly kind: "popular";
  /** The time in which an event loses half its weight, such as `"30d"`. Default: all events count alike. */
  readonly halfLife?: string;
  /** The event type to count, each event once. Default: all, by their weights. */
  readonly event?: string;
  /** What answers and weights call it. By default its kind, or for a model the model's name. */
  readonly name?: string;
  /** How long an answer waits for it, in milliseconds. Default 50. */
  readonly deadline?: number;
}

/** What the user did something with, the latest first. */
export interface RecentlyViewedSourceSpec {
  readonly kind: "recently-viewed";
  /** The event type to look at. Default: all. */
  readonly event?: string;
  /** What answers and weights call it. By default its kind, or for a model the model's name. */
  readonly name?: string;
  /** How long an answer waits for it, in milliseconds. Default 50. */
  readonly deadline?: number;
}

/** What comes in one session or basket with the given items, or with the newest of the history. Learns with every event. */
export interface TogetherSourceSpec {
  readonly kind: "together";
  /** The event type to count. Default: all that say something in favor of their item. */
  readonly event?: string;
  /** What answers and weights call it. By default its kind, or for a model the model's name. */
  readonly name?: string;
  /** How long an answer waits for it, in milliseconds. Default 50. */
  readonly deadline?: number;
}

/** What rises now: recent events against those before them. */
export interface TrendingSourceSpec {
  readonly kind: "trending";
  /** How long now is, such as `"7d"`. Default: fitted to how fast events come. */
  readonly window?: string;
  /** The event type to count. Default: all that say something in favor of their item. */
  readonly event?: string;
  /** What answers and weights call it. By default its kind, or for a model the model's name. */
  readonly name?: string;
  /** How long an answer waits for it, in milliseconds. Default 50. */
  readonly deadline?: number;
}

/** Code of your own. In a configuration only, not over HTTP. */
export interface CustomSourceSpec {
  readonly kind: "custom";
  /** An object with a `name` and a method `candidates`. */
  readonly source: Source;
  /** How long an answer waits for it, in milliseconds. Default 50. */
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

/** Adds up what the sources say, each by its weight. */
export interface BlendScorerSpec {
  readonly kind: "blend";
  /** Add up places in the lists of the sources (`ranks`, the default: reciprocal rank fusion, Cormack et al. 2009) or their scores, brought to one scale (`scores`). */
  readonly method?: "ranks" | "scores";
  /** How much each source counts, by its name. Default 1. */
  readonly weights?: Readonly<Record<string, number>>;
}

/** Learned from what was served and what came of it, once there is enough of it. A blend until then. */
export interface LearnedScorerSpec {
  readonly kind: "learned";
  /** Add up places in the lists of the sources (`ranks`, the default: reciprocal rank fusion, Cormack et al. 2009) or their scores, brought to one scale (`scores`). */
  readonly method?: "ranks" | "scores";
  /** How much each source counts, by its name. Default 1. */
  readonly weights?: Readonly<Record<string, number>>;
}

/** Scorer: its kinds, by name. Declare more of them here to use your own in typed configurations. */
export interface ScorerKinds {
  blend: BlendScorerSpec;
  learned: LearnedScorerSpec;
}

/** How the scores of several sources become one. */
export type ScorerSpec = ScorerKinds[keyof ScorerKinds];

/** Multiplies the score of some items. */
export interface BoostSpec {
  /** An expression whose number the score is multiplied by: `if fresh then 1.2 else 1`. */
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

/** Limits how many items of one value a list may have. */
export interface CapSpec {
  /** A property of type category or categories. */
  readonly by: string;
  /** The most items of one value in a list. */
  readonly max: number;
}

/** Gives some items a minimum share of a list. */
export interface ShareSpec {
  /** An expression that says which items are meant: `season = "spring"`. */
  readonly of: string;
  /** The least share of a list, above 0 and at most 1, as long as there are such items. */
  readonly min: number;
}

/** Greedy determinantal point process (Chen et al. 2018): variety of the list as a whole. */
export interface DppDiversitySpec {
  readonly kind: "dpp";
  /** From 0, no effect, to 1, relevance no longer counts. */
  readonly strength: number;
  /** Item properties that tell how alike items are. Default: all properties of type category, categories or vector. */
  readonly by?: readonly string[];
}

/** Maximal marginal relevance (Carbonell and Goldstein 1998): a slight turn towards variety. */
export interface MmrDiversitySpec {
  readonly kind: "mmr";
  /** From 0, no effect, to 1, relevance no longer counts. */
  readonly strength: number;
  /** Item properties that tell how alike items are. Default: all properties of type category, categories or vector. */
  readonly by?: readonly string[];
}

/** Diversity: its kinds, by name. Declare more of them here to use your own in typed configurations. */
export interface DiversityKinds {
  dpp: DppDiversitySpec;
  mmr: MmrDiversitySpec;
}

/** Prefer items unlike those already in the list. */
export type DiversitySpec = DiversityKinds[keyof DiversityKinds];

/** Bring the mix of categories in a list close to that of the user's history (Steck 2018). */
export interface CalibrationSpec {
  /** A property of type category or categories. */
  readonly by: string;
  /** From 0, no effect, to 1, relevance no longer counts. */
  readonly strength: number;
}

/** Each place goes to a random candidate with this probability. */
export interface EpsilonExplorationSpec {
  readonly kind: "epsilon";
  /** The probability of each place. */
  readonly epsilon: number;
}

/** Thompson sampling over how often each item was taken when shown. Best where many lists are served. */
export interface ThompsonExplorationSpec {
  readonly kind: "thompson";
  /** The share of places that takes part, the last ones. Default 1. */
  readonly share?: number;
}

/** Exploration: its kinds, by name. Declare more of them here to use your own in typed configurations. */
export interface ExplorationKinds {
  epsilon: EpsilonExplorationSpec;
  thompson: ThompsonExplorationSpec;
}

/** Leave some places to chance. */
export type ExplorationSpec = ExplorationKinds[keyof ExplorationKinds];

/** A named recipe for a list: sources, filters, a scorer, re-ranking, exploration, fallbacks. */
export interface RecommenderSpec {
  /** What is asked for: a list for a person (`user`, the default), items that go with given ones (`items`), users who would want an item (`items-to-users`), or users like a user (`similar-users`). */
  readonly for?: "user" | "items" | "items-to-users" | "similar-users";
  /** Where candidates come from. Default: model, together and content. */
  readonly sources?: readonly SourceSpec[];
  /** If the request names no items, build the list around the item this user cared for most of late ("because you liked …"). Default: all of their history. */
  readonly anchor?: "strongest";
  /** An expression that items must satisfy. */
  readonly filter?: string;
  /** Whether items the user has already seen may come back. Default: only if all sources are about these (recently-viewed, buy-again). */
  readonly includeSeen?: boolean;
  /** Event types after which an item counts as seen. Default: all. */
  readonly seenBy?: readonly string[];
  /** How the scores of several sources become one. */
  readonly scorer?: ScorerSpec;
  /** Factors by which scores are multiplied. */
  readonly boosts?: readonly BoostSpec[];
  /** Items in fixed places: a campaign, while its `when` is true. */
  readonly pins?: readonly PinSpec[];
  /** Upper bounds for each value of a property: not ten of one brand. */
  readonly caps?: readonly CapSpec[];
  /** Lower bounds: at least a fifth from this season. */
  readonly shares?: readonly ShareSpec[];
  /** Prefer items unlike those already in the list. */
  readonly diversity?: DiversitySpec;
  /** Bring the mix of categories in a list close to that of the user's history (Steck 2018). */
  readonly calibration?: CalibrationSpec;
  /** Leave some places to chance. */
  readonly exploration?: ExplorationSpec;
  /** Sources that fill what is left of a list, in this order. Default: trending and popular. An empty list: nothing fills it. */
  readonly fallbacks?: readonly SourceSpec[];
}
