import { isUtf8 } from "node:buffer";
import { RecoError } from "../util/errors.ts";

/** Deeper than any request of this server needs. */
const DEEPEST = 16;

/**
 * Reads a JSON body, undefined where it is empty, strictly: text that is not UTF-8 is refused rather than mended, nesting has a limit, and no key may reach a
 * prototype (`__proto__`).
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
  // A key may be written with escapes, so these send to the walk too.
  if (text.includes("__proto__") || text.includes("\\u00")) refusePrototypes(value);
  return value;
}

/** The deepest nesting of objects and lists, brackets in strings not counted. */
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
  if (Object.hasOwn(value, "__proto__")) throw new RecoError("bad-input", 'The body has a key "__proto__", which no request has.');
  for (const inner of Object.values(value)) refusePrototypes(inner);
}

/** What the parser says, without the piece of the body that it quotes. */
function reason(cause: unknown, length: number): string {
  const message = cause instanceof Error ? cause.message : "";
  const position = /at position (\d+)/.exec(message)?.[1];
  if (message.startsWith("Unexpected end") || position === String(length)) return "it ends too early.";
  return position === undefined ? "it cannot be read." : `something unexpected stands at position ${position}.`;
}
