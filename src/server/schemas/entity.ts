import { Type } from "typebox";
import { itemFields, userFields } from "../../data/entities.ts";
import { Id } from "../../data/text-schemas.ts";
import { Time } from "../../data/time-schema.ts";
import { Moment } from "./ids.ts";

/** An item without its id, which stands in the path. */
export const ItemBody = Type.Object(itemFields, { additionalProperties: false, title: "ItemBody" });
/** What of an item shall change; what is not named stays. */
export const ItemPatch = Type.Object(
  {
    ...itemFields,
    expires: Type.Optional(
      Type.Union([...Time.anyOf, Type.Null()], {
        description: "null: for ever.",
        expects: "milliseconds since 1970, ISO 8601 text or null",
      }),
    ),
  },
  { additionalProperties: false, title: "ItemPatch", description: "What is not named stays; a property of null goes." },
);

export const UserBody = Type.Object(userFields, { additionalProperties: false, title: "UserBody" });

/** A property's value as it goes out: anything that could come in. */
const KeptProperties = Type.Record(Type.String(), Type.Unknown());

export const Item = Type.Object(
  {
    id: Type.String(),
    properties: KeptProperties,
    hidden: Type.Boolean(),
    expires: Type.Optional(Moment),
    created: Moment,
    updated: Moment,
  },
  { additionalProperties: false, title: "Item" },
);

export const User = Type.Object(
  { id: Type.String(), properties: KeptProperties, created: Moment, updated: Moment },
  { additionalProperties: false, title: "User" },
);

/** How pages are asked for: the next one begins after the last id of this one. */
export const PageQuery = Type.Object(
  {
    after: Type.Optional({ ...Id, description: "The last id of the page before." }),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: "100 when absent." })),
  },
  { additionalProperties: false },
);

/** Where a page goes on; absent on the last one. */
export const Next = Type.Optional(Type.String({ description: "Give it as `after` for the next page; absent on the last one." }));

/** How many were written. */
export const Written = Type.Object({ written: Type.Integer() }, { additionalProperties: false, title: "Written" });
