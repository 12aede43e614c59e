import { Type } from "typebox";
import { Event } from "../../data/events.ts";
import { Moment } from "./ids.ts";

/** At most so many events in one request. */
export const BATCH = 10_000;

const batch = { minItems: 1, maxItems: BATCH };
const expects = "an event or a list of events";

export const EventBatch = Type.Union([Event, Type.Array(Event, batch)], { expects });

/** All of an {@link EventBatch} but the events themselves: those the engine checks, one by one. */
export const Envelope = Type.Union([Type.Object({}), Type.Array(Type.Unknown(), batch)], { expects });

export const Ingested = Type.Object(
  {
    accepted: Type.Integer({ description: "Events that are now on disk." }),
    duplicates: Type.Integer({ description: "Events that were there before, by their keys." }),
    rejected: Type.Array(
      Type.Object(
        {
          index: Type.Integer({ description: "Its place in the batch, from 0." }),
          path: Type.String({ description: 'Where in the event the flaw is, as a JSON pointer: "/item".' }),
          message: Type.String(),
        },
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
