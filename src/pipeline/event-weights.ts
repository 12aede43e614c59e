import { Type } from "typebox";
import { Label } from "../data/text-schemas.ts";

/** How much events say in favour of their items: what the configuration of a project says about event types. */
export interface EventWeights {
  /** Names of event types by index, as far as there are any; only ever grows. */
  readonly types: readonly string[];
  /** The weight of one event; 0 or below where it says nothing in favour of its item. */
  of(type: number, value: number): number;
}

/** The option of a source that looks at events of one type. */
export function eventOption(description: string) {
  return Type.Optional({ ...Label, description });
}

/** The index of an event type by name: -1 while there has been none, `ANY_TYPE` where no name is given. */
export function typeIndex(weights: EventWeights, event: string | undefined): number {
  return event === undefined ? ANY_TYPE : weights.types.indexOf(event);
}

export const ANY_TYPE = -2;
