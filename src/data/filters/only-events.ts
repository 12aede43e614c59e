import { RecoError } from "../../util/errors.ts";
import { didYouMean } from "../../util/nearest-names.ts";
import type { Dataset } from "../dataset.ts";
import { rowsWhere } from "./rows-where.ts";

/**
 * The interactions of some event types: the purchases among views and purchases. The vocabularies stay (see {@link compact}).
 *
 * @throws RecoError `bad-option` for a type that the data does not have
 */
export function onlyEvents(data: Dataset, types: readonly string[]): Dataset {
  const { type } = data.interactions;
  const wanted = types.map((name) => {
    const code = data.eventTypes.indexOf(name);
    if (code >= 0) return code;
    const known = data.eventTypes.length === 0 ? "The data has none." : `There are ${data.eventTypes.join(", ")}.`;
    throw new RecoError("bad-option", `No event type is called "${name}".${didYouMean(name, data.eventTypes)} ${known}`);
  });
  return data.select(
    rowsWhere(data.size, (row) => type !== undefined && wanted.includes(type[row])),
    { step: "only-events", types },
  );
}
