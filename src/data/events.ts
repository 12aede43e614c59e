import { type Static, Type } from "typebox";
import { didYouMean } from "../util/nearest-names.ts";
import { charactersFlaw, type Flaw, isFiniteNumber, isObject, lengthFlaw, shown, step, textFlaw } from "./flaws.ts";
import { Id, Label } from "./text-schemas.ts";
import { Time, timeFlaw } from "./time-schema.ts";

/** The largest number in single precision. */
const MOST = 3.4028234663852886e38;
const CONTEXT = { entries: 32, name: 64, text: 1024 } as const;

/** The circumstances of an event or a request. */
export const Context = Type.Record(
  // A name without a meaning in JavaScript objects.
  Type.String({ pattern: `^(?!__proto__$)[^\\p{Cc}\\p{Cs}]{1,${CONTEXT.name}}$` }),
  Type.Union(
    [
      Type.String({
        maxLength: CONTEXT.text,
        pattern: "^[^\\p{Cc}\\p{Cs}]*$",
        expects: "holds control characters or is not valid Unicode.",
      }),
      Type.Number(),
      Type.Boolean(),
    ],
    { expects: "text, a number, true or false" },
  ),
  {
    additionalProperties: false,
    maxProperties: CONTEXT.entries,
    expects: `is not a usable name: 1 to ${CONTEXT.name} characters, none of them control characters.`,
    description: "What was around: device, page, weather. Text, numbers, true or false by name.",
  },
);

/** An incoming event: something a user did. {@link checkEvents} checks it. */
export const Event = Type.Object(
  {
    user: { ...Id, description: "Who did it: any id of yours." },
    item: { ...Id, description: "To what: any id of yours." },
    type: { ...Label, description: "What they did: `view`, `purchase`, `rating`, …" },
    value: Type.Optional(
      Type.Number({
        minimum: -MOST,
        maximum: MOST,
        description: "Stars, price, seconds watched: whatever the type counts in. May be negative. 1 when absent.",
      }),
    ),
    time: Type.Optional({
      ...Time,
      description: "When it happened: milliseconds since 1970 (UTC), or ISO 8601 with a zone. Now when absent.",
    }),
    session: Type.Optional({ ...Id, description: "The visit that it belongs to." }),
    context: Type.Optional(Context),
    recommendation: Type.Optional({ ...Id, description: "The id of the answer that led to it, for attribution." }),
    key: Type.Optional({ ...Id, description: "An idempotency key of yours: an event whose key was seen before counts once." }),
  },
  { additionalProperties: false, title: "Event", description: "Something that somebody did." },
);

/** An event as you pass it, with the fields of {@link Event}. */
export interface EventInput extends Input<Static<typeof Event>> {}

type Input<T> = { readonly [K in keyof T]: object extends Pick<T, K> ? T[K] | undefined : T[K] };

declare const valid: unique symbol;

/** A checked event, with its time in milliseconds since 1970. Only {@link checkEvents} makes these, and stores accept nothing else. */
export interface ValidEvent extends Omit<EventInput, "time"> {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly [valid]: true;
}

/** A rejected event, and the reason. */
export interface RejectedEvent extends Flaw {
  /** Its position in the batch, from 0. */
  readonly index: number;
}

/** The maximum number of event types in a project. */
export const MOST_TYPES = 256;

/**
 * Checks incoming events one by one, so that no later code has to. Parses times; a time slightly ahead of `now` becomes `now`.
 *
 * @param input untrusted
 * @param clock `skew` is how far a time may be ahead of `now`, in milliseconds
 * @param knownTypes the event types of the project
 *
 * @example
 * ```ts
 * import { checkEvents } from "recobase/store";
 *
 * const { valid, rejected } = checkEvents([{ user: "ann", item: "tea", type: "view" }, { user: "ann", item: "" }], { now: Date.now(), skew: 0 });
 * valid.length; // 1
 * rejected[0].message; // "item is empty."
 * ```
 */
export function checkEvents(
  input: readonly unknown[],
  { now, skew }: { readonly now: number; readonly skew: number },
  knownTypes: readonly string[] = [],
): { readonly valid: readonly ValidEvent[]; readonly rejected: readonly RejectedEvent[] } {
  const passed: ValidEvent[] = [];
  const rejected: RejectedEvent[] = [];
  // No need to count if every event could bring a new type.
  const types = knownTypes.length + input.length > MOST_TYPES ? new Set(knownTypes) : undefined;
  for (let index = 0; index < input.length; index++) {
    let flaw = eventFlaw(input[index]);
    if (flaw === undefined) {
      const event = input[index] as EventInput;
      const time = event.time === undefined ? now : typeof event.time === "string" ? Date.parse(event.time) : event.time;
      flaw = clockFlaw(time, now, skew) ?? (types === undefined ? undefined : typeFlaw(event.type, types));
      if (flaw === undefined) {
        types?.add(event.type);
        passed.push(at(Math.min(time, now), event) as ValidEvent);
        continue;
      }
    }
    rejected.push({ index, ...flaw });
  }
  return { valid: passed, rejected };
}

/**
 * A copy of an event, with its parsed time. The caller can't change it later, and all copies have the same fields in the same order, which makes
 * them faster to work with.
 */
function at(time: number, { user, item, type, value, session, context, recommendation, key }: EventInput): Omit<ValidEvent, typeof valid> {
  return { user, item, type, value, time, session, context, recommendation, key };
}

const fields = Object.keys(Event.properties);
const fieldNames = new Set(fields);
const [ID, LABEL] = [Id, Label].map((schema) => (schema as { readonly maxLength?: number }).maxLength ?? 0);

/**
 * What is wrong with an event; undefined if nothing is. Every event goes through here, so this is hand-written: it takes a third of the time of a
 * check compiled from the schema. A test proves that the two agree.
 */
export function eventFlaw(event: unknown): Flaw | undefined {
  if (!isObject(event)) return { path: "", message: `An event must be an object, not ${shown(event)}.` };
  for (const name in event) if (!fieldNames.has(name)) return unknownField(name);
  const { user, item, type, value, time, session, context, recommendation, key } = event;
  return (
    textFlaw("user", "/user", user, ID) ??
    textFlaw("item", "/item", item, ID) ??
    textFlaw("type", "/type", type, LABEL) ??
    (time === undefined ? undefined : timeFlaw("time", "/time", time)) ??
    (value === undefined ? undefined : valueFlaw(value)) ??
    (session === undefined ? undefined : textFlaw("session", "/session", session, ID)) ??
    (recommendation === undefined ? undefined : textFlaw("recommendation", "/recommendation", recommendation, ID)) ??
    (key === undefined ? undefined : textFlaw("key", "/key", key, ID)) ??
    (context === undefined ? undefined : contextFlaw(context))
  );
}

function unknownField(name: string): Flaw {
  const short = name.slice(0, 64);
  return { path: step(short), message: `There is no field "${short}".${didYouMean(short, fields)}` };
}

function valueFlaw(value: unknown): Flaw | undefined {
  if (!isFiniteNumber(value)) return { path: "/value", message: `value must be a finite number, but is ${shown(value)}.` };
  // Values are stored in single precision.
  return Math.abs(value) <= MOST ? undefined : { path: "/value", message: `value must lie within ±3.4e38, but is ${value}.` };
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
    ? "time is not a date that exists."
    : `time lies ${Math.ceil((time - now) / 1000)} seconds ahead of the server's clock; at most ${skew / 1000} are allowed.`;
  return { path: "/time", message };
}

function typeFlaw(type: string, types: ReadonlySet<string>): Flaw | undefined {
  if (types.size < MOST_TYPES || types.has(type)) return undefined;
  const message = `The project already has ${MOST_TYPES} event types, the maximum, so ${JSON.stringify(type)} can't be added. Put details that vary into context.`;
  return { path: "/type", message };
}
