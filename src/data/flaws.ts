/** One thing that is wrong with a value from outside. */
export interface Flaw {
  /** Where it is, as a JSON pointer (RFC 6901) into the value; "" for all of it. */
  readonly path: string;
  /** In a sentence, with the name of the field. */
  readonly message: string;
}

/** Control characters, and halves of characters, which no file or database keeps as they are. */
const unusable = /[\p{Cc}\p{Cs}]/u;

/** What is wrong with text such as an id, in 1 to `most` characters; undefined where nothing is. */
export function textFlaw(name: string, path: string, value: unknown, most: number): Flaw | undefined {
  if (typeof value !== "string")
    return { path, message: value === undefined ? `${name} is missing.` : `${name} must be text, but is ${shown(value)}.` };
  if (value.length === 0) return { path, message: `${name} is empty.` };
  return lengthFlaw(name, path, value, most) ?? charactersFlaw(name, path, value);
}

/** Whether text is too long. Counted in code points, as JSON Schema does. */
export function lengthFlaw(name: string, path: string, value: string, most: number): Flaw | undefined {
  if (value.length <= most) return undefined;
  let length = 0;
  for (const _ of value) length++;
  return length <= most ? undefined : { path, message: `${name} has ${length} characters; at most ${most} are allowed.` };
}

/** Whether text holds what no file or database keeps as it is. */
export function charactersFlaw(name: string, path: string, value: string): Flaw | undefined {
  return unusable.test(value) ? { path, message: `${name} holds control characters or is not valid Unicode.` } : undefined;
}

export function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

/** An object that is no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as a message shows it. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  return String(value);
}

/** A step of a JSON pointer. */
export function step(name: string): string {
  return `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
