/** What is asked of a recommender. Ids here are those of the outside. */
export interface RecommendRequest {
  /** Absent for somebody unknown: then `history` is all there is. */
  readonly user?: string | undefined;
  /** Items that it is about, for recommenders of items. */
  readonly items?: readonly string[] | undefined;
  /** What an anonymous session did, oldest first; added to what is known of `user`. */
  readonly history?:
    | readonly (
        | string
        | {
            readonly item: string;
            readonly type?: string | undefined;
            readonly value?: number | undefined;
            readonly time?: number | undefined;
          }
      )[]
    | undefined;
  /** Length of the list, 10 by default, at most 1,000. */
  readonly k?: number | undefined;
  /** An expression beside that of the recommender; both must hold. */
  readonly filter?: string | undefined;
  /** Boosts beside those of the recommender. */
  readonly boosts?: readonly { readonly by: string }[] | undefined;
  /** Values of `$name` in expressions. */
  readonly parameters?: Readonly<Record<string, string | number | boolean | readonly string[] | readonly number[] | null>> | undefined;
  /** `context.name` in expressions, and for sources that look at it. */
  readonly context?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** The only items that may be returned: re-rank this list. */
  readonly candidates?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** Say how the answer came about. */
  readonly trace?: boolean | undefined;
  /** Say of these items why they are not in the answer, or where they stand. */
  readonly why?: readonly string[] | undefined;
  /** Seed of exploration; random when absent. */
  readonly seed?: number | undefined;
}

/** One entry of a list. `Item` is an id, or within a pipeline an index of the catalogue. */
export interface AnswerItem<Item extends string | number = string> {
  readonly item: Item;
  readonly score: number;
  /** How likely it was to stand in this place, in (0, 1]. */
  readonly propensity: number;
  /** The sources that named it; `pin` and `exploration` where those put it here, `rest` where no source had more to say. */
  readonly sources: readonly string[];
  /** With `trace`: "because you watched …", strongest first, weights adding up to at most 1. */
  readonly reasons?: readonly { readonly item: Item; readonly weight: number }[];
  /** With `trace`: score of each source, and rules that acted on it, in their order. */
  readonly sourceScores?: Readonly<Record<string, number>>;
  readonly rules?: readonly string[];
}

/**
 * A source that gave nothing, and why: `timed-out`, `failed` with a message, `resting` after failures, `not-ready` before a first fit. One
 * that gave candidates that cannot be used is named as `failed` too, and those that can are taken.
 */
export interface SkippedSource {
  readonly source: string;
  readonly reason: "timed-out" | "failed" | "resting" | "not-ready";
  readonly message: string;
}

export interface Answer {
  /** For attribution: events that came of this answer carry it as `recommendation`. */
  readonly id: string;
  readonly recommender: string;
  readonly items: readonly AnswerItem[];
  readonly skipped: readonly SkippedSource[];
  /** The items that the list is about: those of the request, or the one taken from the history. Absent where there is none. */
  readonly about?: readonly string[];
  readonly trace?: AnswerTrace;
  /** With `why`: one a requested item. */
  readonly why?: readonly { readonly item: string; readonly place: number | undefined; readonly reason: string }[];
}

export interface AnswerTrace {
  readonly history: readonly { readonly item: string; readonly weight: number }[];
  /** Items left after each step, from the whole catalogue on: available, filters, seen, excluded. */
  readonly steps: readonly { readonly step: string; readonly left: number }[];
  readonly sources: readonly { readonly source: string; readonly candidates: number; readonly milliseconds: number }[];
  /** What made the scores. For a recommender whose scorer is learned, `note` says from how much, or why it still blends. */
  readonly scorer: { readonly kind: "blend" | "learned"; readonly note?: string };
  /** Version of each model that took part. */
  readonly models: Readonly<Record<string, string>>;
  readonly milliseconds: number;
}
