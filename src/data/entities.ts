import { type Static, Type } from "typebox";
import { RecoError } from "../util/errors.ts";
import { didYouMean } from "../util/nearest-names.ts";
import { type Flaw, idFlaw, isFiniteNumber, isObject, lengthFlaw, shown, step } from "./flaws.ts";
import { millisecondsOf } from "./moment-text.ts";
import { Id } from "./text-schemas.ts";
import { Time, timeFlaw } from "./time-schema.ts";

/**
 * Types of properties of items and users:
 *
 * - `number`, `boolean`, `text` (free text: titles, descriptions), `time` (milliseconds since 1970, or ISO 8601 text);
 * - `category` (one name), `categories` (several names);
 * - `vector` (a fixed number of numbers, for embeddings), `place` (`[latitude, longitude]` in degrees).
 */
export type PropertyType = "number" | "boolean" | "text" | "time" | "category" | "categories" | "vector" | "place";

const LIMITS = { properties: 256, name: 64, text: 65_536, names: 1000, nameText: 1024, numbers: 4096 } as const;

/** Text may have line breaks, but nothing that a database would alter. */
const KEPT = "^[^\\0\\p{Cs}]*$";
const expects = "contains NUL or is not valid Unicode.";

const Value = Type.Union(
  [
    Type.String({ maxLength: LIMITS.text, pattern: KEPT, expects }),
    Type.Number(),
    Type.Boolean(),
    Type.Null(),
    Type.Array(Type.String({ maxLength: LIMITS.nameText, pattern: KEPT, expects }), { maxItems: LIMITS.names }),
    Type.Array(Type.Number(), { maxItems: LIMITS.numbers }),
  ],
  { expects: "text, a number, true or false, null, or a list of text or of numbers" },
);

/** A property value over HTTP. null is the same as absent. */
export type PropertyValue = Frozen<Static<typeof Value>>;
type Frozen<T> = T extends readonly unknown[] ? Readonly<T> : T;

/** Names of properties: none with a special meaning on objects. */
const NAME = `^(?!(__proto__|constructor|prototype)$)[^\\p{Cc}\\p{Cs}]{1,${LIMITS.name}}$`;

export const Properties = Type.Record(Type.String({ pattern: NAME }), Value, {
  additionalProperties: false,
  maxProperties: LIMITS.properties,
  expects: `is not a valid property name. Use 1 to ${LIMITS.name} characters, without control characters.`,
  description:
    "By name: text, numbers, true or false, lists of text (categories) or numbers (vectors, places). A property has the type declared in the configuration, or else the type of its first value. null is the same as absent.",
});

export const itemFields = {
  properties: Type.Optional(Properties),
  hidden: Type.Optional(Type.Boolean({ description: "Stored but not recommended. Default false." })),
  expires: Type.Optional({ ...Time, description: "Not recommended from this time on." }),
};
export const userFields = { properties: itemFields.properties };

export const ItemInput = Type.Object({ id: Id, ...itemFields }, { additionalProperties: false, title: "ItemInput" });
export const UserInput = Type.Object({ id: Id, ...userFields }, { additionalProperties: false, title: "UserInput" });

/** What is known about an item or a user besides events. */
export interface EntityInput {
  readonly id: string;
  readonly properties: Readonly<Record<string, PropertyValue>>;
  /** Stored but not recommended. Default false. Items only. */
  readonly hidden?: boolean | undefined;
  /** Not recommended from this time on. Items only. */
  readonly expires?: Static<typeof Time> | undefined;
}

export type EntityKind = "item" | "user";

/** Checks incoming items or users. @throws RecoError `bad-input`, naming the entity and the field */
export function checkEntities(kind: EntityKind, inputs: readonly unknown[]): asserts inputs is readonly EntityInput[] {
  for (let i = 0; i < inputs.length; i++) {
    const flaw = entityFlaw(kind, inputs[i]);
    if (flaw === undefined) continue;
    const { id } = (inputs[i] ?? {}) as { readonly id?: unknown };
    const whose = typeof id === "string" && id !== "" ? `The ${kind} ${JSON.stringify(id.slice(0, 64))}` : `Number ${i} of the ${kind}s`;
    throw new RecoError("bad-input", `${whose} is invalid: ${flaw.message}`);
  }
}

const fields = { item: Object.keys(ItemInput.properties), user: Object.keys(UserInput.properties) };

/** The flaw of an item or a user, or undefined. Equivalent to the schema of its kind; a test proves that the two agree. */
export function entityFlaw(kind: EntityKind, entity: unknown): Flaw | undefined {
  if (!isObject(entity)) return { path: "", message: `It must be an object, not ${shown(entity)}.` };
  for (const name in entity)
    if (!fields[kind].includes(name)) {
      const short = name.slice(0, 64);
      return { path: step(short), message: `Unknown field "${short}".${didYouMean(short, fields[kind])}` };
    }
  const { id, properties, hidden, expires } = entity;
  return (
    idFlaw("id", "/id", id, (Id as { readonly maxLength?: number }).maxLength ?? 0) ??
    (hidden === undefined || typeof hidden === "boolean"
      ? undefined
      : { path: "/hidden", message: `hidden must be true or false, but is ${shown(hidden)}.` }) ??
    (expires === undefined ? undefined : expiryFlaw(expires)) ??
    (properties === undefined ? undefined : propertiesFlaw(properties))
  );
}

function expiryFlaw(expires: unknown): Flaw | undefined {
  const flaw = timeFlaw("expires", "/expires", expires);
  if (flaw !== undefined || typeof expires !== "string" || !Number.isNaN(millisecondsOf(expires))) return flaw;
  return { path: "/expires", message: "expires is a date that does not exist." };
}

const usableName = new RegExp(NAME, "u");
const kept = new RegExp(KEPT, "u");

function propertiesFlaw(properties: unknown): Flaw | undefined {
  if (!isObject(properties)) return { path: "/properties", message: `properties must be an object, but is ${shown(properties)}.` };
  const names = Object.keys(properties);
  if (names.length > LIMITS.properties)
    return { path: "/properties", message: `properties has ${names.length} entries; at most ${LIMITS.properties} are allowed.` };
  for (const name of names) {
    const path = `/properties${step(name.slice(0, 64))}`;
    if (!usableName.test(name))
      return { path, message: `${JSON.stringify(name.slice(0, 64))} is not a valid property name. Choose another one.` };
    const flaw = propertyFlaw(`properties.${name}`, path, properties[name]);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

function propertyFlaw(name: string, path: string, value: unknown): Flaw | undefined {
  if (value === null || typeof value === "boolean" || isFiniteNumber(value)) return undefined;
  if (typeof value === "string") return keptFlaw(name, path, value, LIMITS.text);
  if (!Array.isArray(value))
    return { path, message: `${name} must be text, a number, true or false, or a list of text or of numbers, but is ${shown(value)}.` };
  const entries: readonly unknown[] = value;
  const most = entries.every(isFiniteNumber) ? LIMITS.numbers : LIMITS.names;
  if (entries.length > most) return { path, message: `${name} has ${entries.length} entries; at most ${most} are allowed.` };
  if (most === LIMITS.numbers) return undefined;
  for (const [i, entry] of entries.entries()) {
    const flaw =
      typeof entry === "string"
        ? keptFlaw(`${name}[${i}]`, `${path}/${i}`, entry, LIMITS.nameText)
        : { path: `${path}/${i}`, message: `${name} must be a list of text or of numbers, but has ${shown(entry)} in it.` };
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

function keptFlaw(name: string, path: string, value: string, most: number): Flaw | undefined {
  return lengthFlaw(name, path, value, most) ?? (kept.test(value) ? undefined : { path, message: `${name} ${expects}` });
}
