import { Type } from "typebox";

/** Names in a request that look misspelled. */
export const Warnings = Type.Optional(
  Type.Array(Type.String(), {
    description: "Event types or properties that the configuration doesn't declare and that look misspelled, if there are any.",
  }),
);
