import { Type } from "typebox";
import { itemFields, userFields } from "../../data/entities.ts";
import { Id } from "../../data/text-schemas.ts";
import { Time } from "../../data/time-schema.ts";
import { Moment } from "./ids.ts";
import { Warnings } from "./warnings.ts";

/** An item without its id, which is in the path. */
export const ItemBody = Type.Object(itemFields, { additionalProperties: false, title: "ItemBody" });
/** A partial update of an item; fields you leave out stay the same. */
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
  { additionalProperties: false, title: "ItemPatch", description: "Fields you leave out stay the same; null removes a property." },
);

export const UserBody = Type.Object(userFields, { additionalProperties: false, title: "UserBody" });

/** A property's value in responses: anything that requests accept. */
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

/** Paging: the next page starts after the last id of this one. */
export const PageQuery = Type.Object(
  {
    after: Type.Optional({ ...Id, description: "The last id of the previous page." }),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: "100 when absent." })),
  },
  { additionalProperties: false },
);

/** The start of the next page; absent on the last one. */
export const Next = Type.Optional(Type.String({ description: "Pass it as `after` to get the next page. Absent on the last page." }));

/** The number written. */
export const Written = Type.Object({ written: Type.Integer(), warnings: Warnings }, { additionalProperties: false, title: "Written" });
