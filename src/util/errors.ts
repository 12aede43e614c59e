/**
 * Every error RecoBase throws on purpose, by code. The text is what the code means; the message of an error says what happened and what to
 * do.
 */
export const errorCodes = {
  "bad-option": "an option is unknown or outside its range",
  "bad-input": "invalid input",
  "bad-data": "rows of a data source can't be read",
  "empty-data": "the data contains nothing to work with",
  "bad-artifact": "a model file is truncated, damaged or of the wrong kind",
  "unknown-model": "no model has that name",
  "unknown-item": "unknown item",
  "unknown-user": "unknown user",
  unsupported: "the model or the platform does not support this",
  "not-found": "not found",
  aborted: "the caller asked to stop",
  "bad-expression": "an expression can't be parsed or doesn't match the properties it uses",
  "bad-config": "the configuration is invalid",
  "unknown-project": "no project has that name",
  "unknown-recommender": "no recommender has that name",
  unauthorized: "the API key is missing or unknown",
  forbidden: "the key does not allow this",
  conflict: "it already exists, or has changed in the meantime",
  "too-large": "a body, a batch or a value is larger than allowed",
  "rate-limited": "too many requests in a short time",
  "timed-out": "the work did not finish before its deadline",
  "in-use": "another process is using it",
  "storage-failed": "a write to the disk or database failed; nothing was stored",
} as const;

export type ErrorCode = keyof typeof errorCodes;

/**
 * The only error class. `code` is stable, for programs; `message` is for people: what happened, then what to do.
 */
export class RecoError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "RecoError";
    this.code = code;
  }
}
