import { Type } from "typebox";
import { Label } from "../data/text-schemas.ts";

/** How much an event counts in favor of its item, from the event types in the project's configuration. */
export interface EventWeights {
  /** Names of the event types seen so far, by index. Only grows. */
  readonly types: readonly string[];
  /** The weight of one event: 0 if it says nothing about its item, below 0 if it speaks against it. */
  of(type: number, value: number): number;
  /** Whether an event of one type takes back a user's earlier events of another on the same item. Events below 0 take back all in favor. */
  undoes?(type: number, other: number): boolean;
  /** Whether events of a type hide their item from all lists of the user, until they are taken back. */
  hides?(type: number): boolean;
  /** Whether events of a type do nothing but take others back. */
  retracts?(type: number): boolean;
}

/** The option of a source that selects events of one type. */
export function eventOption(description: string) {
  return Type.Optional({ ...Label, description });
}

/** The index of an event type by name: -1 if none was seen yet, `ANY_TYPE` if no name is given. */
export function typeIndex(weights: EventWeights, event: string | undefined): number {
  return event === undefined ? ANY_TYPE : weights.types.indexOf(event);
}

export const ANY_TYPE = -2;

/** Whether events of one type take back events of another that count in favor. */
export function takesBack(weights: EventWeights, type: number, other: number): boolean {
  return weights.undoes?.(type, other) === true || weights.of(type, 1) < 0;
}

/** Whether events of a type may take back those that a source counts. @param wanted the type it counts, or `ANY_TYPE` */
export function undoesAny(weights: EventWeights, type: number, wanted: number): boolean {
  if (weights.undoes === undefined) return false;
  if (wanted !== ANY_TYPE) return weights.undoes(type, wanted);
  for (let other = 0; other < weights.types.length; other++) if (weights.undoes(type, other)) return true;
  return false;
}
