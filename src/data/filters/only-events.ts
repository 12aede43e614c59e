import { RecoError } from "../../util/errors.ts";
import { didYouMean } from "../../util/nearest-names.ts";
import type { Dataset } from "../dataset.ts";
import { rowsWhere } from "../interactions.ts";

/**
 * The interactions of certain event types, such as only the purchases. The vocabularies don't change (see {@link compact}).
 *
 * @throws RecoError `bad-option` for a type that is not in the data
 */
export function onlyEvents(data: Dataset, types: readonly string[]): Dataset {
  const { type } = data.interactions;
  const wanted = types.map((name) => {
    const code = data.eventTypes.indexOf(name);
    if (code >= 0) return code;
    const known = data.eventTypes.length === 0 ? "The data has no event types." : `Available: ${data.eventTypes.join(", ")}.`;
    throw new RecoError("bad-option", `Unknown event type: "${name}".${didYouMean(name, data.eventTypes)} ${known}`);
  });
  return data.select(
    rowsWhere(data.size, (row) => type !== undefined && wanted.includes(type[row])),
    { step: "only-events", types },
  );
}
