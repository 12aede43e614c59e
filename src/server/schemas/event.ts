import { Type } from "typebox";
import { Id, Label } from "../../data/text-schemas.ts";
import { Moment, Time } from "./ids.ts";

/** Names of context entries: none that means something to an object. */
export const CONTEXT_NAME = "^(?!__proto__$)[^\\p{Cc}\\p{Cs}]{1,64}$";

export const Context = Type.Record(
  Type.String({ pattern: CONTEXT_NAME }),
  Type.Union([Type.String({ maxLength: 1024 }), Type.Number(), Type.Boolean()], { expects: "text, a number, true or false" }),
  {
    additionalProperties: false,
    maxProperties: 32,
    expects: "is not a usable name: 1 to 64 characters, none of them control characters.",
    description: "What was around: device, page, weather. Text, numbers, true or false by name.",
  },
);

/** The largest number that single precision holds. */
const MOST = 3.4028234663852886e38;

const fields = {
  user: Id,
  item: Id,
  type: Label,
  value: Type.Optional(
    Type.Number({ minimum: 0, maximum: MOST, description: "Stars, price, seconds watched: whatever the type counts in. 1 when absent." }),
  ),
  session: Type.Optional(Id),
  context: Type.Optional(Context),
  recommendation: Type.Optional({ ...Id, description: "The id of the answer that led to it." }),
};

export const Event = Type.Object(
  {
    ...fields,
    time: Type.Optional({
      ...Time,
      description: "When it happened: milliseconds since 1970 (UTC), or ISO 8601 with a zone. Now when absent.",
    }),
    key: Type.Optional({ ...Id, description: "An idempotency key of yours: an event whose key was seen before counts once." }),
  },
  { additionalProperties: false, title: "Event", description: "Something that somebody did." },
);

/** At most so many events in one request. */
export const BATCH = 10_000;

export const EventBatch = Type.Union([Event, Type.Array(Event, { minItems: 1, maxItems: BATCH })], {
  expects: "an event or a list of events",
});

export const Ingested = Type.Object(
  {
    accepted: Type.Integer({ description: "Events that are now on disk." }),
    duplicates: Type.Integer({ description: "Events that were there before, by their keys." }),
    refused: Type.Array(
      Type.Object(
        { index: Type.Integer({ description: "Its place in the batch, from 0." }), message: Type.String() },
        { additionalProperties: false },
      ),
      { description: "Events that were not kept, and why. The others were." },
    ),
  },
  { additionalProperties: false, title: "Ingested" },
);

export const PastEvent = Type.Object(
  { item: Type.String(), type: Type.String(), value: Type.Number(), time: Moment },
  { additionalProperties: false, title: "PastEvent" },
);
