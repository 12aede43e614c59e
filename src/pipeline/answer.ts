import type { PropertyValue } from "../data/entities.ts";

/** A request to a recommender, with your own ids. */
export interface RecommendRequest {
  /** Omitted for anonymous visitors; the list is then based on `history` alone. */
  readonly user?: string | undefined;
  /** The items to find related ones for ("similar to", "bought with"). */
  readonly items?: readonly string[] | undefined;
  /** What the session did so far, oldest first. Added to the stored history of `user`. */
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
  /** List length. Default 10, maximum 1,000. */
  readonly k?: number | undefined;
  /** A filter expression, in addition to the recommender's own. Items must satisfy both. */
  readonly filter?: string | undefined;
  /** Boosts in addition to the recommender's own. */
  readonly boosts?: readonly { readonly by: string }[] | undefined;
  /** Values of `$name` in expressions. */
  readonly parameters?: Readonly<Record<string, string | number | boolean | readonly string[] | readonly number[] | null>> | undefined;
  /** Values of `context.name` in expressions. Sources can read them too. */
  readonly context?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** Return only these items: re-ranks your list. */
  readonly candidates?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** Properties of the items to return with them, at most 50. */
  readonly return?: readonly string[] | undefined;
  /** The id of an earlier answer to continue, for the same recommender and user: none of its items, nor of those it continued. */
  readonly after?: string | undefined;
  /** Explain how the list was made. */
  readonly trace?: boolean | undefined;
  /** For each of these items, say where it ranks, or why it isn't in the list. */
  readonly why?: readonly string[] | undefined;
  /** Seed for exploration. Default: random. */
  readonly seed?: number | undefined;
}

/** One entry of a list. `Item` is an id outside the pipeline and a catalog index inside it. */
export interface AnswerItem<Item extends string | number = string> {
  readonly item: Item;
  readonly score: number;
  /** The probability of this item in this place, in (0, 1]. */
  readonly propensity: number;
  /** The sources that returned it, or `pin`, `exploration`, or `rest` (filled up because the sources ran out). */
  readonly sources: readonly string[];
  /** With `return`: the item's values of these properties, without those that it hasn't. */
  readonly properties?: Readonly<Record<string, PropertyValue>>;
  /** With `trace`: "because you watched …", strongest first. Weights sum to at most 1. */
  readonly reasons?: readonly { readonly item: Item; readonly weight: number }[];
  /** With `trace`: each source's score, and the rules that affected the item, in order. */
  readonly sourceScores?: Readonly<Record<string, number>>;
  readonly rules?: readonly string[];
}

/**
 * A source that returned nothing, and why: `timed-out`, `failed` (with a message), `resting` after repeated failures, `not-ready` before
 * its first fit, or `empty` if it found nothing for the request (the message says why). A source with some invalid candidates is also listed as `failed`; its valid candidates are used.
 */
export interface SkippedSource {
  readonly source: string;
  readonly reason: "timed-out" | "failed" | "resting" | "not-ready" | "empty" | "unsigned";
  readonly message: string;
}

/**
 * What a list goes by: `personal`, what the person did (at least one item comes from a source that looks at it); `rule`, what everybody is shown, or
 * the items asked about; `fallback`, only what fills up lists when the recommender's own sources have nothing.
 */
export type Basis = "personal" | "rule" | "fallback";

export interface Answer {
  /** For attribution: send it as `recommendation` with the events that result from this list. */
  readonly id: string;
  readonly recommender: string;
  readonly basis: Basis;
  readonly items: readonly AnswerItem[];
  readonly skipped: readonly SkippedSource[];
  /** The items the list is based on: those in the request, or the one picked from the history. Omitted if there are none. */
  readonly about?: readonly string[];
  readonly trace?: AnswerTrace;
  /** With `why`: one entry per requested item. */
  readonly why?: readonly { readonly item: string; readonly place: number | undefined; readonly reason: string }[];
}

export interface AnswerTrace {
  readonly history: readonly { readonly item: string; readonly weight: number }[];
  /** Items left after each step, starting with the whole catalog: available, filters, seen, excluded. */
  readonly steps: readonly { readonly step: string; readonly left: number }[];
  readonly sources: readonly { readonly source: string; readonly candidates: number; readonly milliseconds: number }[];
  /** Which scorer ran. For a learned scorer, `note` says how much data it learned from, or why the blend is still in use. */
  readonly scorer: { readonly kind: "blend" | "learned"; readonly note?: string };
  /** The version of each model used. */
  readonly models: Readonly<Record<string, string>>;
  readonly milliseconds: number;
}
