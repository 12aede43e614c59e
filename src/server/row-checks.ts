import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import type { RowChecks } from "../engine/transfer/row-kinds.ts";
import { explainMisfit } from "../util/explain-misfit.ts";
import { ItemInput, UserInput } from "./schemas/entity.ts";
import { Event } from "./schemas/event.ts";

/** Rows of files are checked like the same thing in a request. */
export const rowChecks: RowChecks = { events: checker(Event), items: checker(ItemInput), users: checker(UserInput) };

function checker(schema: TSchema): (row: object) => string | undefined {
  const compiled = Compile(schema);
  return (row) => {
    if (compiled.Check(row)) return undefined;
    const misfits = explainMisfit(schema, row).slice(0, 3);
    return misfits.length === 0 ? "does not fit." : misfits.map(({ path, message }) => `${path.slice(1)} ${message}`.trim()).join(" ");
  };
}
