import { RecoError } from "../util/errors.ts";
import { limits } from "./limits.ts";
import type { Typed } from "./typed.ts";
import { type Type, typeWords } from "./value-type.ts";

/** A value of the request or of the user. */
export type ScopeValue = string | number | boolean | null | readonly string[] | readonly number[];

type ScopeValues = Readonly<Record<string, ScopeValue | undefined>>;

/** What an expression may look at beside the items. */
export interface Scope {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The user's properties, `user.name`. */
  readonly user?: ScopeValues | undefined;
  /** `context.name`. */
  readonly context?: ScopeValues | undefined;
  /** `$name`. */
  readonly parameters?: ScopeValues | undefined;
}

type Scoped = Extract<Typed, { kind: "scoped" }>;

const isoTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** Milliseconds since 1970 of an ISO 8601 date or time, UTC where it names no zone; NaN for other text. */
export function parseTime(text: string): number {
  if (!isoTime.test(text)) return Number.NaN;
  return Date.parse(text.length > 10 && !/(Z|[+-]\d{2}:\d{2})$/.test(text) ? `${text}Z` : text);
}

/** What a scope holds under a name, null where nothing. */
export function scopeValue({ root, name }: Scoped, scope: Scope): ScopeValue {
  const values = root === "parameter" ? scope.parameters : scope[root];
  return values !== undefined && Object.hasOwn(values, name) ? (values[name] ?? null) : null;
}

/** A number, boolean or time of the scope; NaN where there is none. */
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

/** A text of the scope, "" where there is none. Numbers and booleans are taken as they are written. */
export function scopeText(node: Scoped, scope: Scope): string {
  const value = scopeValue(node, scope);
  if (value === null) return "";
  if (typeof value === "object") return misfit(node, "");
  const text = String(value);
  if (node.root === "parameter" && text.length > limits.text) {
    throw new RecoError("bad-input", `The parameter $${node.name} has ${text.length} characters, and ${limits.text} are allowed.`);
  }
  return text;
}

/** Names of the scope, empty where there are none. One text is a list of one. */
export function scopeNames(node: Scoped, scope: Scope): readonly string[] {
  const value = scopeValue(node, scope);
  if (value === null || value === "") return [];
  if (typeof value === "string") return [value];
  if (typeof value !== "object") return misfit(node, []);
  return checkLength(node, value).map(String);
}

/** A list of numbers, a vector or a place of the scope; empty where there is none. */
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
    throw new RecoError("bad-input", `The parameter $${node.name} has ${list.length} members, and ${limits.parameterList} are allowed.`);
  }
  return list;
}

/** A parameter is written for its expression, so a wrong type is an error; context and user come from elsewhere, and count as absent. */
function misfit<Absent>(node: Scoped, absent: Absent): Absent {
  if (node.root !== "parameter") return absent;
  const example: Partial<Record<Type, string>> = {
    time: ", as milliseconds since 1970 or ISO 8601 text",
    place: ", as [latitude, longitude]",
  };
  throw new RecoError("bad-input", `The parameter $${node.name} must be ${typeWords(node.type)}${example[node.type] ?? ""}.`);
}
