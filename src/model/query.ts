import type { FeatureValues } from "../data/feature-values.ts";
import type { Id } from "../data/vocabulary.ts";

/** One interaction of a history. */
export interface HistoryItem {
  readonly item: Id;
  /** Rating, count or confidence, as in the training data; 1 when absent. */
  readonly weight?: number;
  /** Milliseconds since 1970 or a Date, on the clock of the data. */
  readonly time?: number | Date;
  /** Event type, as in the training data. */
  readonly type?: string;
  /** Session it belongs to; the one of the query when absent. */
  readonly session?: Id;
  /** Basket it belongs to; the one of the query when absent. */
  readonly basket?: Id;
}

/** The moment a query is asked at, for models that look at it. */
export interface Moment {
  /** When: milliseconds since 1970 or a Date, on the clock of the data. Ages count from here. */
  readonly at?: number | Date;
  /** Features of the moment, by the names of the data: device, place, weather. */
  readonly context?: FeatureValues;
  /** The session that goes on; a new one where the history has none of this id. Without it, the newest session of the history. */
  readonly session?: Id;
  /** The basket to add to, likewise. */
  readonly basket?: Id;
}

/**
 * Whom to recommend for: a user of the training data, or anybody by what they did. A user is their history: the two give the same
 * answer for the same interactions.
 */
export type Query = Moment &
  (
    | { readonly user: Id; readonly history?: undefined; readonly features?: undefined }
    | {
        /** In any order where entries have times, else the older before the newer. */
        readonly history: readonly (Id | HistoryItem)[];
        /** Features of the person, by the names of the data. */
        readonly features?: FeatureValues;
        readonly user?: undefined;
      }
  );
