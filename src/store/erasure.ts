/** The document kind of deleted users. The key is the user's index. */
export const ERASED = ".erased";

/** The body of a document of kind {@link ERASED}. */
export interface ErasureRecord {
  /** True until every segment is rewritten. */
  readonly pending: boolean;
}
