import { type ErrorCode, errorCodes, RecoError } from "../util/errors.ts";

/** Codes that only exist over HTTP, in addition to {@link errorCodes}. */
export const httpCodes = {
  "no-such-route": "no such path",
  "method-not-allowed": "the path does not support this method",
  "unsupported-media-type": "the content type of the body is not supported",
  "bad-request": "the request is not valid HTTP",
  unavailable: "the server is starting or stopping",
  internal: "internal error; see the server's log",
} as const;

export type ProblemCode = ErrorCode | keyof typeof httpCodes;

/** HTTP status by code. */
export const statuses: Readonly<Record<ProblemCode, number>> = {
  "bad-option": 400,
  "bad-input": 400,
  "bad-data": 400,
  "bad-expression": 400,
  "bad-config": 400,
  "bad-request": 400,
  unauthorized: 401,
  forbidden: 403,
  "unknown-model": 404,
  "unknown-item": 404,
  "unknown-user": 404,
  "unknown-project": 404,
  "unknown-recommender": 404,
  "not-found": 404,
  "no-such-route": 404,
  "method-not-allowed": 405,
  conflict: 409,
  "empty-data": 409,
  "too-large": 413,
  "unsupported-media-type": 415,
  unsupported: 422,
  "rate-limited": 429,
  "bad-artifact": 500,
  internal: 500,
  aborted: 503,
  "in-use": 503,
  "storage-failed": 503,
  "timed-out": 503,
  unavailable: 503,
};

/** One problem with a request. */
export interface Flaw {
  readonly in: "body" | "query" | "path";
  /** JSON pointer (RFC 6901) into that part; "" for the whole. */
  readonly path: string;
  readonly message: string;
}

/** A request that doesn't match the schema of its route. */
export class InvalidRequest extends RecoError {
  readonly flaws: readonly Flaw[];

  constructor(flaws: readonly Flaw[]) {
    const [first] = flaws;
    const where = first.path === "" ? `The ${first.in}` : `${first.in} ${first.path}`;
    const more = flaws.length > 1 ? ` (and ${flaws.length - 1} more, see errors)` : "";
    super("bad-input", `${where}: ${first.message}${more}`);
    this.flaws = flaws;
  }
}

/** An error that only exists over HTTP. */
export class HttpError extends Error {
  readonly code: keyof typeof httpCodes;

  constructor(code: keyof typeof httpCodes, message: string) {
    super(message);
    this.code = code;
  }
}

/** The body of every error: problem details (RFC 9457) with a code for programs and, for invalid requests, every flaw. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  /** The request's id in the log. */
  readonly request?: string;
  readonly errors?: readonly Flaw[];
}

/** What the client sees of an error. For internal errors, only the kind; the message goes to the log. */
export function problemOf(error: unknown, request?: string): Problem {
  const { code, message } = explained(error);
  const status = statuses[code];
  const title = code in errorCodes ? errorCodes[code as ErrorCode] : httpCodes[code as keyof typeof httpCodes];
  return {
    type: `urn:recobase:problem:${code}`,
    title,
    status,
    detail: status >= 500 && !(error instanceof HttpError) ? `${title[0].toUpperCase()}${title.slice(1)}.` : message,
    code,
    ...(request === undefined ? {} : { request }),
    ...(error instanceof InvalidRequest ? { errors: error.flaws } : {}),
  };
}

/** Errors of Fastify and of body parsers, by code. */
const foreign: Readonly<Record<string, readonly [code: ProblemCode, message: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ["too-large", "The body is too large. Send it in parts, or use an import, which has no size limit."],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ["unsupported-media-type", "Send the body as application/json."],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ["bad-request", "The body's length doesn't match its Content-Length header."],
  FST_ERR_BAD_URL: ["bad-request", "The path is not percent-encoded UTF-8."],
  FST_ERR_MAX_PARAM_LENGTH: ["too-large", "An id in the path is too long."],
  ERR_STREAM_PREMATURE_CLOSE: ["bad-request", "The connection was closed before the body was complete."],
  ECONNRESET: ["bad-request", "The connection was closed before the body was complete."],
};

function explained(error: unknown): { readonly code: ProblemCode; readonly message: string } {
  if (error instanceof RecoError || error instanceof HttpError) return { code: error.code, message: error.message };
  const { code = "", statusCode = 500 } = (error ?? {}) as { readonly code?: string; readonly statusCode?: number };
  if (Object.hasOwn(foreign, code)) return { code: foreign[code][0], message: foreign[code][1] };
  // Missing or forbidden files of the documentation page.
  if (statusCode === 403 || statusCode === 404) return { code: "no-such-route", message: "Not found." };
  if (statusCode >= 400 && statusCode < 500) return { code: "bad-request", message: "The request is malformed." };
  return { code: "internal", message: "" };
}
