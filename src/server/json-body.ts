import { isUtf8 } from "node:buffer";
import { RecoError } from "../util/errors.ts";

/** Deeper than any request of this server needs. */
const DEEPEST = 16;

/**
 * Parses a JSON body strictly; undefined if it is empty. Text that isn't UTF-8 is rejected rather than repaired, nesting is limited, and
 * `__proto__` keys are not allowed.
 *
 * @throws RecoError `bad-input`
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw new RecoError("bad-input", "The body is not UTF-8 text.");
  if (depthOf(bytes) > DEEPEST) throw new RecoError("bad-input", `The body is nested more than ${DEEPEST} levels deep.`);
  const text = bytes.toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new RecoError("bad-input", `The body is not JSON: ${reason(cause, text.length)}`, { cause });
  }
  // A key may be written with escapes, so check those bodies too.
  if (text.includes("__proto__") || text.includes("\\u00")) refusePrototypes(value);
  return value;
}

/** The maximum nesting of objects and lists, ignoring brackets in strings. */
function depthOf(bytes: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (quoted) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) quoted = false;
    } else if (byte === 0x22) quoted = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > deepest) deepest = depth;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return deepest;
}

function refusePrototypes(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (Object.hasOwn(value, "__proto__")) throw new RecoError("bad-input", 'The body contains the key "__proto__", which is not allowed.');
  for (const inner of Object.values(value)) refusePrototypes(inner);
}

/** The parser's message, without the part of the body it quotes. */
function reason(cause: unknown, length: number): string {
  const message = cause instanceof Error ? cause.message : "";
  const position = /at position (\d+)/.exec(message)?.[1];
  if (message.startsWith("Unexpected end") || position === String(length)) return "it ends unexpectedly.";
  return position === undefined ? "invalid syntax." : `unexpected character at position ${position}.`;
}
