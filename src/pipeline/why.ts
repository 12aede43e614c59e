import { explain } from "../expression/explain.ts";
import type { Answering } from "./answering.ts";

export interface WhyNot {
  readonly item: number;
  /** From 1; undefined if it isn't in the list. */
  readonly place: number | undefined;
  /** An explanation for people. */
  readonly reason: string;
}

/**
 * Says where an item is in the list, or which step of the pipeline kept it out first.
 *
 * @param list the final list
 */
export function whyNot(item: number, list: readonly number[], answering: Answering): WhyNot {
  const at = list.indexOf(item);
  if (at >= 0) return { item, place: at + 1, reason: whyThere(item, at, answering) };
  return { item, place: undefined, reason: keptOut(item, answering) ?? notChosen(item, answering) };
}

function whyThere(item: number, at: number, { ranking, list }: Answering): string {
  const place = ranking.placeOf(item);
  const named = place < 0 ? "" : `suggested by ${ranking.sources(place).join(", ")}`;
  const rules = list?.rulesOf(at) ?? [];
  return `In place ${at + 1}${named === "" ? "" : `, ${named}`}${rules.length > 0 ? `; ${rules.join("; ")}` : ""}.`;
}

/** Why the item may not be returned at all. */
function keptOut(item: number, { parts, request, anchors }: Answering): string | undefined {
  const { catalog, available, filters, includeSeen } = parts;
  if (item >= catalog.size) return "Not in the catalog.";
  if (available(request.scope.now)[item] !== 1) return "Hidden, expired or deleted.";
  if (request.candidates !== undefined && !request.candidates.includes(item)) return "Not among the candidates in the request.";
  for (const filter of [...filters, ...request.filters]) {
    const failures = explain(filter, catalog.columns, item, request.scope);
    if (failures.length > 0) return `Does not pass the filter ${filter.source}: ${failures.join(", and ")}.`;
  }
  if (request.hidden.includes(item)) return "The user has hidden it.";
  if (!includeSeen && request.seen.includes(item)) return "The user has already seen it.";
  if (request.exclude.includes(item)) return "The request excludes it.";
  if (anchors.includes(item)) return "The list is based on this item.";
  return undefined;
}

/** Why an allowed item isn't in the list. */
function notChosen(item: number, { parts, request, ranking, list, outcomes }: Answering): string {
  const place = ranking.placeOf(item);
  if (place < 0) {
    const asked = outcomes.map(({ source, candidates }) => `${source.name} ${candidates?.items.length ?? 0}`);
    return `No source suggested it${asked.length > 0 ? ` (candidates per source: ${asked.join(", ")})` : ""}.`;
  }
  const named = `Suggested by ${ranking.sources(place).join(", ")}`;
  const rule = list?.whyNot(item);
  if (rule !== undefined) return `${named}: ${rule}.`;
  const reach = parts.fallbacks === undefined ? "" : ` of ${ranking.length}`;
  return `${named}: ranked ${place + 1}${reach} by score; the list has ${request.k} places.`;
}
