import type { EventInput } from "../store/store.ts";
import { didYouMean } from "../util/nearest-names.ts";

/** Events before this are taken for mistakes (seconds for milliseconds, a clock that was never set): 1990-01-01. */
const earliest = Date.UTC(1990, 0, 1);
const limits = { id: 512, type: 64, contextEntries: 32, contextName: 64, contextText: 1024 } as const;
const fields: readonly string[] = ["user", "item", "type", "value", "time", "session", "context", "recommendation", "key"];
const fieldNames = new Set(fields);
/** Control characters, and halves of characters, which no file or database keeps as they are. */
const unusable = /[\p{Cc}\p{Cs}]/u;

/**
 * What is wrong with an event, in a sentence; undefined where nothing is. A time ahead of `now` is allowed up to `skew` milliseconds.
 * It comes from outside, so nothing is taken for granted.
 */
export function eventProblem(event: unknown, now: number, skew: number): string | undefined {
  if (typeof event !== "object" || event === null || Array.isArray(event)) return "An event must be an object.";
  for (const name in event) if (!fieldNames.has(name)) return `There is no field "${name.slice(0, 64)}".${didYouMean(name, fields)}`;
  const { user, item, type, value, time, session, context, recommendation, key } = event as Partial<Record<keyof EventInput, unknown>>;
  return (
    textProblem("user", user, limits.id) ??
    textProblem("item", item, limits.id) ??
    textProblem("type", type, limits.type) ??
    timeProblem(time, now, skew) ??
    (value === undefined ? undefined : valueProblem(value)) ??
    (session === undefined ? undefined : textProblem("session", session, limits.id)) ??
    (recommendation === undefined ? undefined : textProblem("recommendation", recommendation, limits.id)) ??
    (key === undefined ? undefined : textProblem("key", key, limits.id)) ??
    (context === undefined ? undefined : contextProblem(context))
  );
}

/** What is wrong with a text such as an id, in a sentence. */
export function textProblem(name: string, value: unknown, most: number = limits.id): string | undefined {
  if (value === undefined) return `${name} is missing.`;
  if (typeof value !== "string") return `${name} must be text.`;
  if (value.length === 0) return `${name} is empty.`;
  if (value.length > most) return `${name} has ${value.length} characters; at most ${most} are allowed.`;
  return unusable.test(value) ? `${name} holds control characters or is not valid Unicode.` : undefined;
}

function timeProblem(time: unknown, now: number, skew: number): string | undefined {
  if (typeof time !== "number" || !Number.isFinite(time)) return "time must be a number of milliseconds since 1970.";
  if (time < earliest) return `time is ${time}, which lies before 1990-01-01; give milliseconds since 1970.`;
  if (time > now + skew)
    return `time lies ${Math.ceil((time - now) / 1000)} seconds ahead of the server's clock; at most ${skew / 1000} are allowed.`;
  return undefined;
}

function valueProblem(value: unknown): string | undefined {
  // Values are kept with 32 bits.
  return typeof value === "number" && Number.isFinite(Math.fround(value)) ? undefined : "value must be a finite number.";
}

function contextProblem(context: unknown): string | undefined {
  if (typeof context !== "object" || context === null || Array.isArray(context)) return "context must be an object.";
  const entries = Object.entries(context);
  if (entries.length > limits.contextEntries) return `context has ${entries.length} entries; at most ${limits.contextEntries} are allowed.`;
  for (const [name, value] of entries) {
    const problem = textProblem("The name of a context entry", name, limits.contextName);
    if (problem !== undefined) return problem;
    const path = `context.${name}`;
    if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value)) || value === "") continue;
    if (typeof value !== "string") return `${path} must be text, a finite number, true or false.`;
    const wrong = textProblem(path, value, limits.contextText);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
