import { RecoError } from "../util/errors.ts";
import type { Write } from "./storage.ts";

/**
 * Rejects strings that some databases can't store exactly: PostgreSQL text can't contain NUL, and an unpaired surrogate isn't valid UTF-8.
 *
 * @throws RecoError `bad-input`
 */
export function checkWrites(writes: readonly Write[]): void {
  for (const write of writes) {
    if (write.type === "document") {
      checkName("kind", write.kind);
      checkName("key", write.key);
      if (write.body !== undefined) checkName("body", write.body);
    } else checkName("log", write.log);
  }
}

/** @throws RecoError `bad-input` */
export function checkName(what: string, name: string): void {
  if (name.includes("\0") || UNPAIRED.test(name))
    throw new RecoError("bad-input", `A ${what} must not contain NUL or an unpaired surrogate: ${JSON.stringify(name.slice(0, 40))}.`);
}

const UNPAIRED = /\p{Surrogate}/u;
