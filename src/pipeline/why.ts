import { explain } from "../expression/explain.ts";
import type { Answering } from "./answering.ts";

export interface WhyNot {
  readonly item: number;
  /** From 1; undefined where it is not in the list. */
  readonly place: number | undefined;
  /** In words. */
  readonly reason: string;
}

/**
 * Says of an item where it stands in the list, or what kept it out: the first step that did, in the order of the pipeline.
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
  const named = place < 0 ? "" : `named by ${ranking.sources(place).join(", ")}`;
  const rules = list?.rulesOf(at) ?? [];
  return `It is in place ${at + 1}${named === "" ? "" : `, ${named}`}${rules.length > 0 ? `; ${rules.join("; ")}` : ""}.`;
}

/** Why it may not be returned at all. */
function keptOut(item: number, { parts, request, anchors }: Answering): string | undefined {
  const { catalogue, available, filters, includeSeen } = parts;
  if (item >= catalogue.size) return "It is not in the catalogue.";
  if (available(request.scope.now)[item] !== 1) return "It is hidden, expired or deleted.";
  if (request.candidates !== undefined && !request.candidates.includes(item)) return "It is not among the candidates of the request.";
  for (const filter of [...filters, ...request.filters]) {
    const failures = explain(filter, catalogue.columns, item, request.scope);
    if (failures.length > 0) return `It does not pass the filter ${filter.source}: ${failures.join(", and ")}.`;
  }
  if (!includeSeen && request.seen.includes(item)) return "The user has already seen it.";
  if (request.exclude.includes(item)) return "The request excludes it.";
  if (anchors.includes(item)) return "The list is about it.";
  return undefined;
}

/** Why it is not in the list although it might be. */
function notChosen(item: number, { parts, request, ranking, list, outcomes }: Answering): string {
  const place = ranking.placeOf(item);
  if (place < 0) {
    const asked = outcomes.map(({ source, candidates }) => `${source.name} ${candidates?.items.length ?? 0}`);
    return `No source named it${asked.length > 0 ? ` (candidates of each: ${asked.join(", ")})` : ""}.`;
  }
  const named = `Named by ${ranking.sources(place).join(", ")}`;
  const rule = list?.whyNot(item);
  if (rule !== undefined) return `${named}: ${rule}.`;
  const reach = parts.fallbacks === undefined ? "" : ` of ${ranking.length}`;
  return `${named}: it is number ${place + 1}${reach} by score, and the list has ${request.k} places.`;
}
