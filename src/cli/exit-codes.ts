import type { ErrorCode } from "../util/errors.ts";

/** It worked. */
export const SUCCESS = 0;
/** The command was understood but failed: a missing file, bad rows, an unknown user. */
export const FAILURE = 1;
/** The command cannot be understood: an unknown command, flag, model, option, column or metric, or a value out of range. */
export const WRONG_USE = 2;
/** Stopped by Ctrl-C (128 + 2). */
export const INTERRUPTED = 130;

const byCode: Partial<Record<ErrorCode, number>> = {
  "bad-option": WRONG_USE,
  "bad-input": WRONG_USE,
  "unknown-model": WRONG_USE,
  aborted: INTERRUPTED,
};

export function exitCodeOf(code: ErrorCode | "usage" | "internal"): number {
  return code === "usage" ? WRONG_USE : code === "internal" ? FAILURE : (byCode[code] ?? FAILURE);
}
