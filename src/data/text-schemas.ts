import { Type } from "typebox";

/** No control characters or lone surrogates, which files and databases don't preserve. */
const USABLE = "^[^\\p{Cc}\\p{Cs}]+$";

/** An id from outside: any text without control characters, except "." and "..", which clients resolve as steps of a URL's path. */
export const Id = Type.String({
  minLength: 1,
  maxLength: 512,
  pattern: "^(?!\\.{1,2}$)[^\\p{Cc}\\p{Cs}]+$",
  expects: 'contains control characters, is not valid Unicode, or is "." or "..", which no URL can hold.',
});

/** A short name, such as of an event type, a source or a model. */
export const Label = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: USABLE,
  expects: "contains control characters or is not valid Unicode.",
});

/** A duration that `parseDuration` accepts: `"30m"`, `"6h"`, `"7d"`. */
export const Duration = Type.String({
  maxLength: 32,
  pattern: "^\\s*(?!0+(\\.0+)?\\s*[a-z])\\d+(\\.\\d+)?\\s*(ms|s|m|h|d|w)\\s*$",
  expects: 'must be a duration such as "30m", "6h" or "7d".',
});
