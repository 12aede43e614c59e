import { type Static, Type } from "typebox";
import { didYouMean } from "../util/nearest-names.ts";
import { charactersFlaw, type Flaw, idFlaw, isFiniteNumber, isObject, lengthFlaw, shown, step, textFlaw } from "./flaws.ts";
import { millisecondsOf } from "./moment-text.ts";
import { Id, Label } from "./text-schemas.ts";
import { Time, timeFlaw } from "./time-schema.ts";

/** The largest single-precision number. */
const MOST = 3.4028234663852886e38;
const CONTEXT = { entries: 32, name: 64, text: 1024 } as const;

/** The context of an event or request. */
export const Context = Type.Record(
  // No name with a special meaning on objects.
  Type.String({ pattern: `^(?!__proto__$)[^\\p{Cc}\\p{Cs}]{1,${CONTEXT.name}}$` }),
  Type.Union(
    [
      Type.String({
        maxLength: CONTEXT.text,
        pattern: "^[^\\p{Cc}\\p{Cs}]*$",
        expects: "contains control characters or is not valid Unicode.",
      }),
      Type.Number(),
      Type.Boolean(),
    ],
    { expects: "text, a number, true or false" },
  ),
  {
    additionalProperties: false,
    maxProperties: CONTEXT.entries,
    expects: `is not a valid name. Use 1 to ${CONTEXT.name} characters, without control characters.`,
    description: "The situation: device, page, weather. Text, numbers, true or false by name.",
  },
);

/** Something a user did, as received. {@link checkEvents} checks it. */
export const Event = Type.Object(
  {
    user: { ...Id, description: "Who did it: your id for the user." },
    item: { ...Id, description: "To which item: your id for it." },
    type: { ...Label, description: "What they did: `view`, `purchase`, `rating`, …" },
    value: Type.Optional(
      Type.Number({
        minimum: -MOST,
        maximum: MOST,
        description: "Stars, price, seconds watched: whatever fits the type. Can be negative. Default 1.",
      }),
    ),
    time: Type.Optional({
      ...Time,
      description: "When it happened: milliseconds since 1970 (UTC), or ISO 8601 with a time zone. Default: now.",
    }),
    session: Type.Optional({ ...Id, description: "The visit it belongs to." }),
    context: Type.Optional(Context),
    recommendation: Type.Optional({ ...Id, description: "The id of the answer it came from, for attribution." }),
    key: Type.Optional({ ...Id, description: "Your idempotency key: events with the same key count once." }),
  },
  { additionalProperties: false, title: "Event", description: "Something a user did." },
);

/** Something a user did, as you pass it in. See {@link Event} for the fields. */
export interface EventInput extends Input<Static<typeof Event>> {}

type Input<T> = { readonly [K in keyof T]: object extends Pick<T, K> ? T[K] | undefined : T[K] };

declare const valid: unique symbol;

/** A checked event, with its time in milliseconds since 1970. Only {@link checkEvents} makes them, and stores only accept these. */
export interface ValidEvent extends Omit<EventInput, "time"> {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly [valid]: true;
}

/** A refused event, and why. */
export interface RefusedEvent extends Flaw {
  /** Its index in the batch, from 0. */
  readonly index: number;
}

/** Maximum number of event types per project. */
export const MOST_TYPES = 256;

/**
 * Checks incoming events one by one, so that later code doesn't have to. Parses times, and sets a time slightly ahead of `now` to `now`.
 *
 * @param input untrusted, so nothing is assumed about it
 * @param clock `skew` is how far ahead of `now` a time may be, in milliseconds
 * @param knownTypes the event types of the project
 * @param refusalOf why an event of a type is refused; undefined if it isn't
 *
 * @example
 * ```ts
 * import { checkEvents } from "recobase/store";
 *
 * const events = [{ user: "ann", item: "tea", type: "view" }, { user: "ann", item: "" }];
 * const { valid, refused } = checkEvents(events, { now: Date.now(), skew: 0 });
 * console.log(valid.length, refused[0].message); // 1 "item is empty."
 * ```
 */
export function checkEvents(
  input: readonly unknown[],
  { now, skew }: { readonly now: number; readonly skew: number },
  knownTypes: readonly string[] = [],
  refusalOf: (type: string) => string | undefined = () => undefined,
): { readonly valid: readonly ValidEvent[]; readonly refused: readonly RefusedEvent[] } {
  const passed: ValidEvent[] = [];
  const refused: RefusedEvent[] = [];
  // If there is room for all of them, skip counting.
  const types = knownTypes.length + input.length > MOST_TYPES ? new Set(knownTypes) : undefined;
  for (let index = 0; index < input.length; index++) {
    let flaw = eventFlaw(input[index]);
    if (flaw === undefined) {
      const event = input[index] as EventInput;
      const time = event.time === undefined ? now : millisecondsOf(event.time);
      flaw = clockFlaw(time, now, skew) ?? (types === undefined ? undefined : typeFlaw(event.type, types)) ?? flawOf(refusalOf(event.type));
      if (flaw === undefined) {
        types?.add(event.type);
        passed.push(at(Math.min(time, now), event) as ValidEvent);
        continue;
      }
    }
    refused.push({ index, ...flaw });
  }
  return { valid: passed, refused };
}

function flawOf(message: string | undefined): { readonly path: string; readonly message: string } | undefined {
  return message === undefined ? undefined : { path: "/type", message };
}

/**
 * A copy of an event, with its time. The caller can't change it, and all copies have the same fields in the same order, which makes them
 * faster to process.
 */
function at(time: number, { user, item, type, value, session, context, recommendation, key }: EventInput): Omit<ValidEvent, typeof valid> {
  return { user, item, type, value, time, session, context, recommendation, key };
}

const fields = Object.keys(Event.properties);
const fieldNames = new Set(fields);
const [ID, LABEL] = [Id, Label].map((schema) => (schema as { readonly maxLength?: number }).maxLength ?? 0);

/**
 * The flaw of an event, or undefined. Equivalent to the schema but written by hand, because every event passes through here and a compiled
 * check takes three times as long. A test proves that the two agree.
 */
export function eventFlaw(event: unknown): Flaw | undefined {
  if (!isObject(event)) return { path: "", message: `An event must be an object, not ${shown(event)}.` };
  for (const name in event) if (!fieldNames.has(name)) return unknownField(name);
  const { user, item, type, value, time, session, context, recommendation, key } = event;
  return (
    idFlaw("user", "/user", user, ID) ??
    idFlaw("item", "/item", item, ID) ??
    textFlaw("type", "/type", type, LABEL) ??
    (time === undefined ? undefined : timeFlaw("time", "/time", time)) ??
    (value === undefined ? undefined : valueFlaw(value)) ??
    (session === undefined ? undefined : idFlaw("session", "/session", session, ID)) ??
    (recommendation === undefined ? undefined : idFlaw("recommendation", "/recommendation", recommendation, ID)) ??
    (key === undefined ? undefined : idFlaw("key", "/key", key, ID)) ??
    (context === undefined ? undefined : contextFlaw(context))
  );
}

function unknownField(name: string): Flaw {
  const short = name.slice(0, 64);
  return { path: step(short), message: `Unknown field "${short}".${didYouMean(short, fields)}` };
}

function valueFlaw(value: unknown): Flaw | undefined {
  if (!isFiniteNumber(value)) return { path: "/value", message: `value must be a finite number, but is ${shown(value)}.` };
  // Models compute in single precision.
  return Math.abs(value) <= MOST ? undefined : { path: "/value", message: `value must be within ±3.4e38, but is ${value}.` };
}

function contextFlaw(context: unknown): Flaw | undefined {
  if (!isObject(context)) return { path: "/context", message: `context must be an object, but is ${shown(context)}.` };
  const names = Object.keys(context);
  if (names.length > CONTEXT.entries)
    return { path: "/context", message: `context has ${names.length} entries; at most ${CONTEXT.entries} are allowed.` };
  for (const name of names) {
    const value = context[name];
    const flaw =
      name === "__proto__"
        ? { path: "/context/__proto__", message: 'context has an entry "__proto__". Give it another name.' }
        : (textFlaw("The name of a context entry", "/context", name, CONTEXT.name) ?? contextValueFlaw(name, value));
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

function contextValueFlaw(name: string, value: unknown): Flaw | undefined {
  if (typeof value === "boolean" || isFiniteNumber(value)) return undefined;
  const [label, path] = [`context.${name}`, `/context${step(name)}`];
  if (typeof value !== "string") return { path, message: `${label} must be text, a finite number, true or false, but is ${shown(value)}.` };
  return lengthFlaw(label, path, value, CONTEXT.text) ?? charactersFlaw(label, path, value);
}

function clockFlaw(time: number, now: number, skew: number): Flaw | undefined {
  if (time <= now + skew) return undefined;
  const message = Number.isNaN(time)
    ? "time is a date that does not exist."
    : `time is ${Math.ceil((time - now) / 1000)} seconds ahead of the server's clock; at most ${skew / 1000} are allowed.`;
  return { path: "/time", message };
}

function typeFlaw(type: string, types: ReadonlySet<string>): Flaw | undefined {
  if (types.size < MOST_TYPES || types.has(type)) return undefined;
  const message = `The event type ${JSON.stringify(type)} is new, but the project already has the maximum of ${MOST_TYPES} event types. Put details that vary into context.`;
  return { path: "/type", message };
}
