import type { UserEvents } from "../../data/event-columns.ts";
import type { RecommendRequest } from "../../pipeline/answer.ts";
import type { ProjectStore } from "../../store/store.ts";
import { RecoError } from "../../util/errors.ts";
import type { EventTypeNames } from "../learning/event-type-names.ts";

/** Maximum entries of `history` in a request. */
const most = 1000;

/**
 * The request's history, newest first, as the pipeline reads it. Unknown items are left out. An entry's time defaults to now, and its type
 * to `view`.
 *
 * @throws RecoError `bad-input`
 */
export function sessionActivity(
  given: NonNullable<RecommendRequest["history"]>,
  { items }: Pick<ProjectStore, "items">,
  types: EventTypeNames,
  now: number,
): UserEvents {
  if (given.length > most)
    throw new RecoError("bad-input", `history has ${given.length} entries; at most ${most} are allowed. Send the newest.`);
  const item = new Uint32Array(given.length);
  const type = new Uint8Array(given.length);
  const value = new Float64Array(given.length);
  const time = new Float64Array(given.length);
  let length = 0;
  for (let i = given.length - 1; i >= 0; i--) {
    const entry = given[i];
    const step = typeof entry === "string" ? { item: entry } : entry;
    const index = items.indexOf(step.item);
    if (index < 0) continue;
    const { type: name = "view", value: amount = 1, time: at = now } = step as Exclude<typeof entry, string>;
    if (!Number.isFinite(amount) || !Number.isFinite(at))
      throw new RecoError("bad-input", `history[${i}] has a value or time that is not a finite number.`);
    item[length] = index;
    type[length] = types.indexOf(name);
    value[length] = amount;
    time[length++] = at;
  }
  return { length, item, type, value, time };
}
