import type { FeatureValues } from "../data/feature-values.ts";
import type { Id } from "../data/vocabulary.ts";

/** One interaction of a history. */
export interface HistoryItem {
  readonly item: Id;
  /** Rating, count or confidence, as in the training data. Default 1. */
  readonly weight?: number;
  /** Milliseconds since 1970 or a Date, on the same clock as the data. */
  readonly time?: number | Date;
  /** Event type, as in the training data. */
  readonly type?: string;
  /** The session it belongs to. Default: the session of the query. */
  readonly session?: Id;
  /** The basket it belongs to. Default: the basket of the query. */
  readonly basket?: Id;
}

/** The moment of a query, for models that use it. */
export interface Moment {
  /** Milliseconds since 1970 or a Date, on the same clock as the data. Ages are measured from here. */
  readonly at?: number | Date;
  /** Features of the moment, such as device, place or weather, by the feature names of the data. */
  readonly context?: FeatureValues;
  /** The current session; a new one if the history has no session with this id. Default: the newest session of the history. */
  readonly session?: Id;
  /** The current basket, by the same rules. */
  readonly basket?: Id;
}

/**
 * Whom to recommend for: a user of the training data, or anyone else by their history. The same interactions give the same answer either way.
 */
export type Query = Moment &
  (
    | { readonly user: Id; readonly history?: undefined; readonly features?: undefined }
    | {
        /** In any order if entries have times, otherwise oldest first. */
        readonly history: readonly (Id | HistoryItem)[];
        /** Features of the user, by the feature names of the data. */
        readonly features?: FeatureValues;
        readonly user?: undefined;
      }
  );
