import { Type } from "typebox";
import { User } from "./entity.ts";
import { Moment } from "./ids.ts";

const Numbers = Type.Array(Type.Number());

/** Everything stored about a user. */
export const UserExport = Type.Object(
  {
    user: Type.Optional(User),
    events: Type.Array(
      Type.Object(
        {
          user: Type.String(),
          item: Type.String(),
          type: Type.String(),
          value: Type.Number(),
          time: Moment,
          session: Type.Optional(Type.String()),
          context: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
          recommendation: Type.Optional(Type.String()),
        },
        { additionalProperties: false },
      ),
    ),
    impressions: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          time: Moment,
          user: Type.Optional(Type.String()),
          recommender: Type.String(),
          variant: Type.Optional(Type.Object({ experiment: Type.String(), variant: Type.String() }, { additionalProperties: false })),
          items: Type.Array(Type.String()),
          scores: Numbers,
          propensities: Numbers,
          features: Type.Record(Type.String(), Type.Unknown()),
        },
        { additionalProperties: false },
      ),
      { description: "Impressions: lists shown to the user." },
    ),
    merged: Type.Array(Type.Object({ user: Type.String(), time: Moment }, { additionalProperties: false }), {
      description: "Users who were merged into this one.",
    }),
  },
  { additionalProperties: false, title: "UserExport" },
);
