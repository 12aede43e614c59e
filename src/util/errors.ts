/**
 * Every error RecoBase raises on purpose, by code. The text is what the code means in general; the message of an error says
 * what happened and what to do next.
 */
export const errorCodes = {
  "bad-option": "an option is unknown or outside its range",
  "bad-input": "a value passed to a function is not usable",
  "bad-data": "rows of a data source cannot be read",
  "empty-data": "the data holds nothing to work with",
  "bad-artifact": "a model file is truncated, damaged or of another kind",
  "unknown-model": "no model has that name",
  "unknown-item": "the item is not in the vocabulary",
  "unknown-user": "the user is not in the vocabulary",
  unsupported: "the model or the platform has no such capability",
  "not-found": "a file or folder is missing",
  aborted: "the caller asked to stop",
  "bad-expression": "an expression cannot be parsed, or does not fit the properties it speaks of",
  "bad-config": "the configuration of a server is not usable",
  "unknown-project": "no project has that name",
  "unknown-recommender": "no recommender has that name",
  unauthorized: "the request carries no key, or one that is not known",
  forbidden: "the key may not do that",
  conflict: "the thing is there already, or changed in the meantime",
  "too-large": "a body, a batch or a value is larger than allowed",
  "rate-limited": "too many requests of one caller in a short time",
  "timed-out": "the work was not done before its deadline",
  "in-use": "another process holds the file",
  "storage-failed": "the disk or database refused a write; nothing of it was kept",
} as const;

export type ErrorCode = keyof typeof errorCodes;

/**
 * The one error class. `code` is stable and meant for programs, `message` for people: what happened, then what to do next.
 */
export class RecoError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "RecoError";
    this.code = code;
  }
}
