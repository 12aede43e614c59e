import type { AnswerItem, Basis, SkippedSource } from "./answer.ts";
import type { Answering } from "./answering.ts";
import type { Asked, GuardedSource } from "./guarded-source.ts";
import type { Ranking } from "./ranking.ts";
import { BLEND } from "./scorer/scorer.ts";
import { type PipelineTrace, traceOf } from "./trace.ts";
import { type WhyNot, whyNot } from "./why.ts";

export interface PipelineAnswer {
  readonly basis: Basis;
  readonly items: readonly AnswerItem<number>[];
  readonly skipped: readonly SkippedSource[];
  /** The items the list is based on: the anchors in the request, or the one picked from the history. */
  readonly anchors: Uint32Array;
  /**
   * Logged with the impression for scorers to learn from. `NAME` holds the source's score of each item and `NAME rank` its rank from 1,
   * both NaN if the source didn't return the item. `blend score` holds the blend's score.
   */
  readonly features: Readonly<Record<string, Float32Array>>;
  readonly trace?: PipelineTrace;
  readonly why?: readonly WhyNot[];
}

/** Builds the answer for a final list. */
export function answerOf(answering: Answering): PipelineAnswer {
  const { request, ranking, list, outcomes, anchors, blend } = answering;
  const items: AnswerItem<number>[] = [];
  const places: number[] = [];
  const length = list?.items.length ?? Math.min(request.k, ranking.length);
  for (let at = 0; at < length; at++) {
    const place = list === undefined ? at : ranking.placeOf(list.items[at]);
    places.push(place);
    items.push(itemOf(answering, at, place));
  }
  const answer = {
    basis: basisOf(answering, items),
    items,
    skipped: outcomes.flatMap(({ skipped }) => skipped ?? []),
    anchors,
    features: featuresOf(ranking, blend, places),
  };
  if (!request.trace && request.why.length === 0) return answer;
  const final = items.map(({ item }) => item);
  return {
    ...answer,
    ...(request.trace && { trace: traceOf(answering) }),
    ...(request.why.length > 0 && { why: Array.from(request.why, (item) => whyNot(item, final, answering)) }),
  };
}

function basisOf({ parts, request }: Answering, items: readonly AnswerItem<number>[]): Basis {
  const known = request.anchors.length === 0 && request.recent.length + request.history.items.length > 0;
  let own = items.length === 0;
  for (const { sources } of items)
    for (const name of sources) {
      const source = parts.sources.find((one) => one.name === name)?.source;
      if (source === undefined) continue;
      if (known && source.impersonal !== true) return "personal";
      own = true;
    }
  return own ? "rule" : "fallback";
}

/** @param place of the item in the ranking, -1 if only a pin added it */
function itemOf({ request, ranking, list, outcomes, asked }: Answering, at: number, place: number): AnswerItem<number> {
  const origin = list?.origins[at] ?? "score";
  const named = place < 0 ? [] : ranking.sources(place);
  const plain = {
    item: list === undefined ? ranking.item(place) : list.items[at],
    score: list === undefined ? ranking.score(place) : list.scores[at],
    propensity: list?.propensities[at] ?? 1,
    sources: origin === "score" ? named : [origin, ...named],
  };
  if (!request.trace) return plain;
  const telling = outcomes.filter(({ source, candidates }) => candidates !== undefined && named.includes(source.name));
  return {
    ...plain,
    reasons: reasonsFor(
      plain.item,
      telling.map(({ source }) => source),
      asked,
    ),
    sourceScores: place < 0 ? {} : ranking.sourceScores(place),
    rules: list?.rulesOf(at) ?? [],
  };
}

/** The blend scores of the listed items, and each source's scores (`NAME`) and ranks (`NAME rank`). */
function featuresOf(ranking: Ranking, blend: Float32Array, places: readonly number[]): Record<string, Float32Array> {
  const features: Record<string, Float32Array> = { [BLEND]: ranking.ofRows(blend, places) };
  ranking.table.names.forEach((name, column) => {
    const { scores, ranks } = ranking.feature(column, places);
    features[name] = scores;
    features[`${name} rank`] = ranks;
  });
  return features;
}

interface Reason {
  readonly item: number;
  readonly weight: number;
}

/** Maximum number of reasons per item. */
const MOST = 3;

/**
 * The history items (or anchors) that speak for an item, strongest first. Weights are shares of each source's explanation, averaged over
 * the sources that returned the item and can explain. Only the top three are kept, so weights sum to at most 1.
 */
function reasonsFor(item: number, sources: readonly GuardedSource[], asked: Asked): readonly Reason[] {
  const shares = new Map<number, number>();
  let telling = 0;
  for (const source of sources) {
    const reasons = source.explain(asked, item).filter(({ weight }) => weight > 0);
    const sum = reasons.reduce((total, { weight }) => total + weight, 0);
    if (!(sum > 0 && sum < Number.POSITIVE_INFINITY)) continue;
    telling++;
    for (const reason of reasons) shares.set(reason.item, (shares.get(reason.item) ?? 0) + reason.weight / sum);
  }
  return [...shares]
    .map(([because, share]) => ({ item: because, weight: share / telling }))
    .sort((a, b) => b.weight - a.weight || a.item - b.item)
    .slice(0, MOST);
}
