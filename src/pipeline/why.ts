import { type FeatureColumn, MISSING } from "../data/features.ts";
import { numbers } from "../expression/evaluate.ts";
import type { Answering } from "./make-answer.ts";

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
  const passes = new Float64Array(1);
  for (const filter of [...filters, ...request.filters]) {
    numbers(filter, catalogue.columns, Uint32Array.of(item), request.scope, passes);
    if (passes[0] === 1) continue;
    const values = filter.reads.map((name) => `${name} is ${shown(catalogue.columns[name], item)}`);
    return `It does not pass the filter ${filter.source}${values.length > 0 ? `: ${values.join(", ")}` : ""}.`;
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

/** A value for people. */
function shown(column: FeatureColumn | undefined, item: number): string {
  switch (column?.type) {
    case "number":
      return Number.isNaN(column.values[item]) ? "missing" : String(column.values[item]);
    case "time":
      return Number.isNaN(column.values[item]) ? "missing" : new Date(column.values[item]).toISOString();
    case "category":
      return column.codes[item] === MISSING ? "missing" : JSON.stringify(column.names[column.codes[item]]);
    case "categories": {
      const names: string[] = [];
      for (let at = column.offsets[item]; at < column.offsets[item + 1]; at++) names.push(column.names[column.codes[at]]);
      return names.length === 0 ? "missing" : JSON.stringify(names);
    }
    case "text":
      return column.values[item] ? JSON.stringify(column.values[item].slice(0, 100)) : "missing";
    case "place":
      return Number.isNaN(column.latitude[item]) ? "missing" : `[${column.latitude[item]}, ${column.longitude[item]}]`;
    case "vector":
      return Number.isNaN(column.values[item * column.dimensions]) ? "missing" : "a vector";
    default:
      return "missing";
  }
}
