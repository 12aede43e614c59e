import { CommanderError } from "commander";
import { type ErrorCode, RecoError } from "../util/errors.ts";
import { jsonText } from "./output.ts";
import { type Terminal, write } from "./terminal.ts";

/** It worked. */
export const SUCCESS = 0;
/** The command was understood but failed: a missing file, bad rows, an unknown user. */
export const FAILURE = 1;
/** The command cannot be understood: an unknown command, flag, model, option, column or metric, or a value out of range. */
export const WRONG_USE = 2;
/** Stopped by Ctrl-C (128 + 2). */
const INTERRUPTED = 130;

const byCode: Partial<Record<ErrorCode, number>> = {
  "bad-option": WRONG_USE,
  "bad-input": WRONG_USE,
  "unknown-model": WRONG_USE,
  aborted: INTERRUPTED,
};

function exitCodeOf(code: ErrorCode | "usage" | "internal"): number {
  return code === "usage" ? WRONG_USE : code === "internal" ? FAILURE : (byCode[code] ?? FAILURE);
}

/** What went wrong, as people and programs are told. */
interface Failure {
  readonly code: ErrorCode | "usage" | "internal";
  readonly message: string;
}

/**
 * Reports an error: in a line or two on standard error, and as a document on standard output where the caller asked for JSON. Gives the
 * exit code. The stack is shown only with RECOBASE_DEBUG=1.
 */
export async function reportFailure(error: unknown, json: boolean, terminal: Terminal): Promise<number> {
  const failure = failureOf(error);
  await write(terminal.errors, `recobase: ${failure.message}\n`);
  if (process.env.RECOBASE_DEBUG === "1" && error instanceof Error) await write(terminal.errors, `${error.stack}\n${causesOf(error)}`);
  if (json) await write(terminal.output, jsonText("error@1", { error: failure }));
  return exitCodeOf(failure.code);
}

function failureOf(error: unknown): Failure {
  if (error instanceof RecoError) return { code: error.code, message: error.message };
  if (error instanceof CommanderError) return { code: "usage", message: usageMessage(error.message) };
  const { code, path, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === "ENOENT") return { code: "not-found", message: `There is no file or folder ${path}.` };
  if (code === "EACCES" || code === "EPERM") return { code: "bad-input", message: `No permission for ${path}.` };
  if (code === "EISDIR") return { code: "bad-input", message: `${path ?? "The path"} is a folder, and a file is needed.` };
  if (code === "ENOSPC") return { code: "internal", message: `The disk is full: ${path ?? "nothing"} could not be written.` };
  const text = message ?? String(error);
  return { code: "internal", message: `${text.split("\n")[0]} (an error of RecoBase itself; RECOBASE_DEBUG=1 shows where)` };
}

/** Commander writes `error: unknown option '--usr'\n(Did you mean --user?)`. */
function usageMessage(message: string): string {
  const text = message.replace(/^error: /, "").replace(/\n\(Did you mean (.*)\?\)$/s, ". Did you mean $1?");
  const hint = /^missing|^required/.test(text) ? ' See "recobase COMMAND --help".' : "";
  return `${text[0].toUpperCase()}${text.slice(1)}${/[.?]$/.test(text) ? "" : "."}${hint}`;
}

function causesOf(error: Error): string {
  return error.cause instanceof Error ? `Caused by ${error.cause.stack}\n${causesOf(error.cause)}` : "";
}
