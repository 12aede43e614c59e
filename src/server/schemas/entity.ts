import { Type } from "typebox";
import { Id } from "../../data/text-schemas.ts";
import { Time } from "../../data/time-schema.ts";
import { Moment } from "./ids.ts";

/** Names of properties: none that means something to an object. */
const PROPERTY_NAME = "^(?!(__proto__|constructor|prototype)$)[^\\p{Cc}\\p{Cs}]{1,64}$";

const Value = Type.Union(
  [
    Type.String({ maxLength: 65_536 }),
    Type.Number(),
    Type.Boolean(),
    Type.Null(),
    Type.Array(Type.String({ maxLength: 1024 }), { maxItems: 1000 }),
    Type.Array(Type.Number(), { maxItems: 4096 }),
  ],
  { expects: "text, a number, true or false, null, or a list of text or of numbers" },
);

export const Properties = Type.Record(Type.String({ pattern: PROPERTY_NAME }), Value, {
  additionalProperties: false,
  maxProperties: 256,
  expects: "is not a usable name of a property: 1 to 64 characters, none of them control characters.",
  description:
    "By name: text, numbers, true or false, lists of text (categories) or numbers (vectors, places). A property has the type that the configuration declares, or that of its first value. null is the same as absent.",
});

const itemFields = {
  properties: Type.Optional(Properties),
  hidden: Type.Optional(Type.Boolean({ description: "Kept, and not recommended. Default false." })),
  expires: Type.Optional({ ...Time, description: "From this time on it is not recommended." }),
};

/** An item without its id, which stands in the path. */
export const ItemBody = Type.Object(itemFields, { additionalProperties: false, title: "ItemBody" });
export const ItemInput = Type.Object({ id: Id, ...itemFields }, { additionalProperties: false, title: "ItemInput" });
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

export const UserBody = Type.Object({ properties: itemFields.properties }, { additionalProperties: false, title: "UserBody" });
export const UserInput = Type.Object({ id: Id, properties: itemFields.properties }, { additionalProperties: false, title: "UserInput" });

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
