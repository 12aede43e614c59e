import { Type } from "typebox";
import { Event } from "../../data/events.ts";
import { Moment } from "./ids.ts";
import { Warnings } from "./warnings.ts";

/** Maximum number of events per request. */
export const BATCH = 10_000;

const batch = { minItems: 1, maxItems: BATCH };
const expects = "an event or a list of events";

export const EventBatch = Type.Union([Event, Type.Array(Event, batch)], { expects });

/** Checks an {@link EventBatch} except for the events themselves, which the engine checks one by one. */
export const Envelope = Type.Union([Type.Object({}), Type.Array(Type.Unknown(), batch)], { expects });

export const Ingested = Type.Object(
  {
    accepted: Type.Integer({ description: "New events, now on disk." }),
    duplicates: Type.Integer({ description: "Events skipped because their key was already stored." }),
    refused: Type.Array(
      Type.Object(
        {
          index: Type.Integer({ description: "The event's index in the batch, from 0." }),
          path: Type.String({ description: 'JSON pointer to the invalid field, such as "/item".' }),
          message: Type.String(),
        },
        { additionalProperties: false },
      ),
      { description: "Events that were not stored, and why. The others were." },
    ),
    warnings: Warnings,
  },
  { additionalProperties: false, title: "Ingested" },
);

export const PastEvent = Type.Object(
  {
    id: Type.String({ description: "For DELETE /v1/events/{event}." }),
    item: Type.String(),
    type: Type.String(),
    value: Type.Number(),
    time: Moment,
  },
  { additionalProperties: false, title: "PastEvent" },
);
