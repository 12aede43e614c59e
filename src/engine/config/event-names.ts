import { nearestNames } from "../../util/nearest-names.ts";
import { isWellKnownType } from "../learning/event-weighting.ts";
import { isRecord } from "./check-value.ts";

/**
 * Finds event types in a project's settings that are probably misspelled: `events` doesn't declare them, but declares a similar name. What
 * a type undoes must be declared, or have a built-in meaning.
 */
export function misspelledEvents(project: Readonly<Record<string, unknown>>, path: string, problems: string[]): void {
  const { events, objective, recommenders } = project;
  const declared = isRecord(events) ? Object.keys(events) : [];
  const look = (name: unknown, place: string) => {
    if (typeof name !== "string" || declared.includes(name) || isWellKnownType(name)) return;
    const near = nearestNames(name, declared, 1);
    if (near.length > 0)
      problems.push(`${path}${place} is ${JSON.stringify(name)}, a type that events doesn't declare. Did you mean ${near[0]}?`);
  };
  for (const [name, spec] of Object.entries(isRecord(events) ? events : {})) {
    const undone = isRecord(spec) ? spec.undoes : undefined;
    if (typeof undone !== "string" || declared.includes(undone) || isWellKnownType(undone)) continue;
    const near = nearestNames(undone, declared, 1);
    const hint = near.length > 0 ? `Did you mean ${near[0]}?` : `Declare it with a weight, as in { ${JSON.stringify(undone)}: 1 }.`;
    problems.push(`${path}events.${name}.undoes is ${JSON.stringify(undone)}, a type that events doesn't declare. ${hint}`);
  }
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
