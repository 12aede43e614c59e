import type { Source } from "./source.ts";

/** A share, weight or window of one kind of source. `name` is what answers and blends call it; by default its kind (a model: its name). */
interface Named {
  readonly name?: string;
  /** Longest time an answer waits for it, in milliseconds; 50 by default. */
  readonly deadline?: number;
}

/** Where candidates come from. All but `custom` are plain data, so that a recommender can come over HTTP too. */
export type SourceSpec =
  /** The model in service that training chose, or one by name with options (then it is always trained). */
  | ({ readonly kind: "model"; readonly model?: string; readonly options?: Readonly<Record<string, number | string | boolean>> } & Named)
  /** What rises now: events of the window against those before it. `window` such as `"7d"`, by default fitted to how fast events come. */
  | ({ readonly kind: "trending"; readonly window?: string; readonly event?: string } & Named)
  /** Most events, with a half-life such as `"30d"`; without one all events count alike. */
  | ({ readonly kind: "popular"; readonly halfLife?: string; readonly event?: string } & Named)
  /** Newest first, by the first time the item was seen or by a property of type time. */
  | ({ readonly kind: "newest"; readonly by?: string } & Named)
  | ({ readonly kind: "recently-viewed"; readonly event?: string } & Named)
  /** What the user buys again and again, when it is due. */
  | ({ readonly kind: "buy-again"; readonly event?: string } & Named)
  /** Alike by properties: text, categories, numbers, vectors. Knows an item from the moment it has properties. */
  | ({ readonly kind: "content"; readonly properties?: readonly string[] } & Named)
  /** Often in the same session or basket as the anchors or the newest items of the history; learns with every event. */
  | ({ readonly kind: "together"; readonly event?: string } & Named)
  | { readonly kind: "custom"; readonly source: Source; readonly deadline?: number };

/** How scores of several sources become one. */
export type ScorerSpec =
  /** Weights by name of source; reciprocal rank fusion (Cormack et al. 2009) by default, or scores brought to one scale. */
  | { readonly kind: "blend"; readonly weights?: Readonly<Record<string, number>>; readonly method?: "ranks" | "scores" }
  /** Learned from what was served and what came of it, when there is enough of it; a blend until then. */
  | { readonly kind: "learned"; readonly weights?: Readonly<Record<string, number>>; readonly method?: "ranks" | "scores" };

export interface BoostSpec {
  /** An expression whose number the score is multiplied by: `if fresh then 1.2 else 1`. */
  readonly by: string;
}

export interface PinSpec {
  readonly item: string;
  /** From 1. */
  readonly place: number;
  /** An expression over user and context; always when absent. */
  readonly when?: string;
}

/** Bounds for each value of a category (`by` a property of type category or categories). */
export interface CapSpec {
  readonly by: string;
  /** At most so many items of one value in a list. */
  readonly max: number;
}

export interface ShareSpec {
  /** An expression that says which items are meant: `category = "new"`. */
  readonly of: string;
  /** At least this share of a list, in (0, 1], as long as there are such items. */
  readonly min: number;
}

export type DiversitySpec =
  /** Maximal marginal relevance (Carbonell and Goldstein 1998). `strength` in [0, 1], 0 for none. */
  | { readonly kind: "mmr"; readonly strength: number; readonly by?: readonly string[] }
  /** Greedy determinantal point process (Chen et al. 2018). */
  | { readonly kind: "dpp"; readonly strength: number; readonly by?: readonly string[] };

/** Shares of categories as in the user's history (Steck 2018). */
export interface CalibrationSpec {
  readonly by: string;
  /** In [0, 1]. */
  readonly strength: number;
}

export type ExplorationSpec =
  /** Each place goes to a random candidate with this probability. */
  | { readonly kind: "epsilon"; readonly epsilon: number }
  /** Thompson sampling over how often each item was taken when shown; `share` of the places takes part, all by default. */
  | { readonly kind: "thompson"; readonly share?: number };

/** One named recommender: sources, filters, a scorer, re-ranking, exploration, fallbacks. */
export interface RecommenderSpec {
  /**
   * What is asked for: a list for a person (default), items like given ones, or users. `items-to-users` answers who would want an
   * item, `similar-users` who is like a user.
   */
  readonly for?: "user" | "items" | "items-to-users" | "similar-users";
  readonly sources?: readonly SourceSpec[];
  /**
   * What a list for a person is about when the request names no items: `strongest` takes the item they cared for most of late ("because
   * you liked …"). Without it, it is about all of their history.
   */
  readonly anchor?: "strongest";
  /** An expression that items must satisfy. */
  readonly filter?: string;
  /** Whether items of the history may come back; by default only where the sources are about them (recently viewed, buy again). */
  readonly includeSeen?: boolean;
  /** Event types after which an item counts as seen; all by default. */
  readonly seenBy?: readonly string[];
  readonly scorer?: ScorerSpec;
  readonly boosts?: readonly BoostSpec[];
  readonly pins?: readonly PinSpec[];
  readonly caps?: readonly CapSpec[];
  readonly shares?: readonly ShareSpec[];
  readonly diversity?: DiversitySpec;
  readonly calibration?: CalibrationSpec;
  readonly exploration?: ExplorationSpec;
  /** Sources that fill what is left of a list, in this order; trending and popular by default. An empty list: nothing fills it. */
  readonly fallbacks?: readonly SourceSpec[];
}
