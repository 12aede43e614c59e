import { RecoError } from "../util/errors.ts";
import { limits } from "./limits.ts";
import type { Typed } from "./typed.ts";
import { type Type, typeWords } from "./value-type.ts";

/** A value of the request or of the user. */
export type ScopeValue = string | number | boolean | null | readonly string[] | readonly number[];

type ScopeValues = Readonly<Record<string, ScopeValue | undefined>>;

/** What an expression may read besides the items. */
export interface Scope {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The user's properties, `user.name`, and `id`; absent for anonymous visitors. */
  readonly user?: ScopeValues | undefined;
  /** `context.name`. */
  readonly context?: ScopeValues | undefined;
  /** `$name`. */
  readonly parameters?: ScopeValues | undefined;
}

type Scoped = Extract<Typed, { kind: "scoped" }>;

const isoTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** Milliseconds since 1970 for an ISO 8601 date or time, UTC if it has no zone; NaN for other text. */
export function parseTime(text: string): number {
  if (!isoTime.test(text)) return Number.NaN;
  return Date.parse(text.length > 10 && !/(Z|[+-]\d{2}:\d{2})$/.test(text) ? `${text}Z` : text);
}

/** The value of a name in the scope, or null. */
export function scopeValue({ root, name }: Scoped, scope: Scope): ScopeValue {
  const values = root === "parameter" ? scope.parameters : scope[root];
  return values !== undefined && Object.hasOwn(values, name) ? (values[name] ?? null) : null;
}

/** A number, boolean or time from the scope; NaN if missing. */
export function scopeNumber(node: Scoped, scope: Scope): number {
  const value = scopeValue(node, scope);
  if (value === null) return Number.NaN;
  if (node.type === "boolean" && typeof value === "boolean") return value ? 1 : 0;
  if (node.type !== "boolean" && typeof value === "number" && Number.isFinite(value)) return value;
  if (node.type === "time" && typeof value === "string") {
    const time = parseTime(value);
    if (!Number.isNaN(time)) return time;
  }
  return misfit(node, Number.NaN);
}

/** A text from the scope, "" if missing. Numbers and booleans are converted to text. */
export function scopeText(node: Scoped, scope: Scope): string {
  const value = scopeValue(node, scope);
  if (value === null) return "";
  if (typeof value === "object") return misfit(node, "");
  const text = String(value);
  if (node.root === "parameter" && text.length > limits.text) {
    throw new RecoError("bad-input", `The parameter $${node.name} has ${text.length} characters; at most ${limits.text} are allowed.`);
  }
  return text;
}

/** Names from the scope, empty if missing. A single text is a list of one. */
export function scopeNames(node: Scoped, scope: Scope): readonly string[] {
  const value = scopeValue(node, scope);
  if (value === null || value === "") return [];
  if (typeof value === "string") return [value];
  if (typeof value !== "object") return misfit(node, []);
  return checkLength(node, value).map(String);
}

/** A list of numbers, a vector or a place from the scope; empty if missing. */
export function scopeNumbers(node: Scoped, scope: Scope): readonly number[] {
  const value = scopeValue(node, scope);
  if (value === null) return [];
  if (typeof value === "number" && node.type === "numbers") return [value];
  if (typeof value !== "object" || !value.every((member): member is number => typeof member === "number")) return misfit(node, []);
  if (node.type === "place" && value.length !== 2) return misfit(node, []);
  return node.type === "vector" ? value : checkLength(node, value);
}

function checkLength<List extends readonly unknown[]>(node: Scoped, list: List): List {
  if (node.root === "parameter" && list.length > limits.parameterList) {
    throw new RecoError(
      "bad-input",
      `The parameter $${node.name} has ${list.length} members; at most ${limits.parameterList} are allowed.`,
    );
  }
  return list;
}

/** A parameter is meant for its expression, so a wrong type is an error. Context and user come from elsewhere, so there it counts as missing. */
function misfit<Absent>(node: Scoped, absent: Absent): Absent {
  if (node.root !== "parameter") return absent;
  const example: Partial<Record<Type, string>> = {
    time: ", as milliseconds since 1970 or ISO 8601 text",
    place: ", as [latitude, longitude]",
  };
  throw new RecoError("bad-input", `The parameter $${node.name} must be ${typeWords(node.type)}${example[node.type] ?? ""}.`);
}
