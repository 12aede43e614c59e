import { CommanderError } from "commander";
import { type ErrorCode, RecoError } from "../util/errors.ts";
import { jsonText } from "./output.ts";
import { type Terminal, write } from "./terminal.ts";

/** Success. */
export const SUCCESS = 0;
/** The command is valid but failed: a missing file, bad rows, an unknown user. */
export const FAILURE = 1;
/** The command line is invalid: an unknown command, flag, model, option, column or metric, or a value out of range. */
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

/** What went wrong, for people and for programs. */
interface Failure {
  readonly code: ErrorCode | "usage" | "internal";
  readonly message: string;
}

/**
 * Reports an error in a line or two on standard error, and with `--json` as a document on standard output, too. Returns the exit code.
 * RECOBASE_DEBUG=1 adds the stack trace.
 */
export async function reportFailure(error: unknown, command: string, json: boolean, terminal: Terminal): Promise<number> {
  const failure = failureOf(error, command);
  await write(terminal.errors, `recobase: ${failure.message}\n`);
  if (process.env.RECOBASE_DEBUG === "1" && error instanceof Error) await write(terminal.errors, `${error.stack}\n${causesOf(error)}`);
  if (json) await write(terminal.output, jsonText("error@1", { error: failure }));
  return exitCodeOf(failure.code);
}

/** Options of the library whose flags have other names. */
const flagNames: Readonly<Record<string, string>> = { weight: "rating" };

/** A message of the library in the words of the command line: flags in place of options. */
function inFlags(message: string): string {
  return message
    .replace(/(?:the option )?\w+: (?:"[^"]*"|\w+) \((--[^)]*)\)/g, "$1")
    .replace(/\(\w+: (?:"[^"]*"|\[[^\]]*\]), or (--[^)]*)\)/g, "($1)")
    .replace(/Add them with data\.with\([^)]*\), or load/, "Load")
    .replace(/the option "(\w+)"/g, (_, name: string) => `--${flagNames[name] ?? name}`);
}

function failureOf(error: unknown, command: string): Failure {
  if (error instanceof RecoError) return { code: error.code, message: inFlags(error.message) };
  if (error instanceof CommanderError) return { code: "usage", message: usageMessage(error.message, command) };
  const { code, path, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === "ENOENT") return { code: "not-found", message: `No such file or folder: ${path}.` };
  if (code === "EACCES" || code === "EPERM") return { code: "bad-input", message: `Permission denied: ${path}.` };
  if (code === "EISDIR") return { code: "bad-input", message: `${path ?? "The path"} is a folder, not a file.` };
  if (code === "EEXIST" || code === "ENOTDIR") return { code: "bad-input", message: `${path} is a file, not a folder.` };
  if (code === "ENOSPC")
    return { code: "internal", message: `The disk is full${path === undefined ? "" : `, so ${path} can't be written`}.` };
  const text = message ?? String(error);
  return { code: "internal", message: `${text.split("\n")[0]} (This is a bug in RecoBase; set RECOBASE_DEBUG=1 to see the stack trace.)` };
}

/** Commander writes `error: unknown option '--usr'\n(Did you mean --user?)`. */
function usageMessage(message: string, command: string): string {
  const text = message.replace(/^error: /, "").replace(/\n\(Did you mean (.*)\?\)$/s, ". Did you mean $1?");
  const hint = /^missing|^required/.test(text) ? ` See "recobase ${command} --help".` : "";
  return `${text[0].toUpperCase()}${text.slice(1)}${/[.?]$/.test(text) ? "" : "."}${hint}`;
}

function causesOf(error: Error): string {
  return error.cause instanceof Error ? `Caused by ${error.cause.stack}\n${causesOf(error.cause)}` : "";
}
