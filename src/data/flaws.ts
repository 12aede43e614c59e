/** A problem with a value from outside. */
export interface Flaw {
  /** Where it is: a JSON pointer (RFC 6901) into the value; "" for the whole. */
  readonly path: string;
  /** A sentence with the name of the field. */
  readonly message: string;
}

/** Control characters and lone surrogates, which files and databases don't preserve. */
const unusable = /[\p{Cc}\p{Cs}]/u;

/** The flaw of a text such as an id, of 1 to `most` characters, or undefined. */
export function textFlaw(name: string, path: string, value: unknown, most: number): Flaw | undefined {
  if (typeof value !== "string")
    return { path, message: value === undefined ? `${name} is missing.` : `${name} must be text, but is ${shown(value)}.` };
  if (value.length === 0) return { path, message: `${name} is empty.` };
  return lengthFlaw(name, path, value, most) ?? charactersFlaw(name, path, value);
}

/** The flaw of an id, or undefined. */
export function idFlaw(name: string, path: string, value: unknown, most: number): Flaw | undefined {
  if (value !== "." && value !== "..") return textFlaw(name, path, value, most);
  return { path, message: `${name} is "${value}", which no URL can hold: clients take it for a step of the path. Choose another id.` };
}

/** Set if text is too long. Counts code points, like JSON Schema. */
export function lengthFlaw(name: string, path: string, value: string, most: number): Flaw | undefined {
  if (value.length <= most) return undefined;
  let length = 0;
  for (const _ of value) length++;
  return length <= most ? undefined : { path, message: `${name} has ${length} characters; at most ${most} are allowed.` };
}

/** Whether text contains characters that files and databases don't preserve. */
export function charactersFlaw(name: string, path: string, value: string): Flaw | undefined {
  return unusable.test(value) ? { path, message: `${name} contains control characters or is not valid Unicode.` } : undefined;
}

export function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

/** An object that is not a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as shown in messages. */
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
