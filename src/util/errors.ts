/**
 * Every error that RecoBase throws on purpose, by code. The text says what the code means in general; the message of an error says what
 * happened and what to do.
 */
export const errorCodes = {
  "bad-option": "an option is unknown or outside its range",
  "bad-input": "a value passed to a function is invalid",
  "bad-data": "rows of a data source cannot be read",
  "empty-data": "the data is empty",
  "bad-artifact": "a model file is truncated, damaged or in another format",
  "unknown-model": "no model has that name",
  "unknown-item": "the item is not in the vocabulary",
  "unknown-user": "the user is not in the vocabulary",
  unsupported: "the model or platform lacks this capability",
  "not-found": "a file or folder is missing",
  aborted: "the caller stopped the work",
  "bad-expression": "an expression cannot be parsed, or doesn't match the properties it uses",
  "bad-config": "the server's configuration is invalid",
  "unknown-project": "no project has that name",
  "unknown-recommender": "no recommender has that name",
  unauthorized: "the API key is missing or unknown",
  forbidden: "the API key doesn't allow this",
  conflict: "it already exists, or changed in the meantime",
  "too-large": "a body, batch or value exceeds its size limit",
  "rate-limited": "the caller sent too many requests in a short time",
  "timed-out": "the work missed its deadline",
  "in-use": "another process is using the file",
  "storage-failed": "the disk or database refused a write; nothing of it was kept",
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
