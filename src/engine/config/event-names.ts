import { nearestNames } from "../../util/nearest-names.ts";
import { isWellKnownType } from "../learning/event-weighting.ts";
import { isRecord } from "./check-value.ts";

/** Finds event types in a project's settings that are probably misspelled: `events` doesn't declare them, but declares a similar name. */
export function misspelledEvents(project: Readonly<Record<string, unknown>>, path: string, problems: string[]): void {
  const { events, objective, recommenders } = project;
  const declared = isRecord(events) ? Object.keys(events) : [];
  const look = (name: unknown, place: string) => {
    if (typeof name !== "string" || declared.includes(name) || isWellKnownType(name)) return;
    const near = nearestNames(name, declared, 1);
    if (near.length > 0)
      problems.push(`${path}${place} is ${JSON.stringify(name)}, a type that events doesn't declare. Did you mean ${near[0]}?`);
  };
  if (!isRecord(objective)) look(objective, "objective");
  else if (typeof objective.type === "string") look(objective.type, "objective.type");
  else for (const name of Object.keys(objective)) look(name, "a type of objective");
  for (const [name, recommender] of Object.entries(isRecord(recommenders) ? recommenders : {})) {
    if (!isRecord(recommender)) continue;
    const place = `recommenders.${name}`;
    const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
    for (const [i, type] of list(recommender.seenBy).entries()) look(type, `${place}.seenBy[${i}]`);
    for (const field of ["sources", "fallbacks"])
      for (const [i, source] of list(recommender[field]).entries())
        if (isRecord(source)) look(source.event, `${place}.${field}[${i}].event`);
  }
}
