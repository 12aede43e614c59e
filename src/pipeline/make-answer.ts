import type { Asked, Outcome } from "./guarded-source.ts";
import type { PipelineAnswer, PipelineItem, PipelineParts, PipelineRequest } from "./pipeline.ts";
import type { Ranking } from "./ranking.ts";
import { reasonsFor } from "./reasons.ts";
import type { Reranked } from "./rerank/reranked.ts";
import type { LearnedSoFar } from "./scorer/learned.ts";
import { BLEND } from "./scorer/scorer.ts";
import { traceOf } from "./trace.ts";
import { whyNot } from "./why.ts";

/** Everything that is known when a list is final. */
export interface Answering {
  readonly parts: PipelineParts;
  readonly request: PipelineRequest;
  readonly asked: Asked;
  readonly anchors: Uint32Array;
  /** Of sources, then of fallbacks that were asked. */
  readonly outcomes: readonly Outcome[];
  readonly ranking: Ranking;
  /** What the blend said, one a row of the table. */
  readonly blend: Float32Array;
  /** Undefined where the scorer is no learned one. */
  readonly learned: LearnedSoFar | undefined;
  /** Undefined where no rules acted: then the list is the start of the ranking. */
  readonly list: Reranked | undefined;
  /** By `performance.now()`. */
  readonly started: number;
}

/** Puts a final list into words and numbers. */
export function answerOf(answering: Answering): PipelineAnswer {
  const { request, ranking, list, outcomes, anchors, blend } = answering;
  const items: PipelineItem[] = [];
  const places: number[] = [];
  const length = list?.items.length ?? Math.min(request.k, ranking.length);
  for (let at = 0; at < length; at++) {
    const place = list === undefined ? at : ranking.placeOf(list.items[at]);
    places.push(place);
    items.push(itemOf(answering, at, place));
  }
  const answer = {
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

/** @param place of the item in the ranking, -1 where a pin alone brought it */
function itemOf({ request, ranking, list, outcomes, asked }: Answering, at: number, place: number): PipelineItem {
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

/** What the blend said of the items of the list, and by name of source the scores, and by name and `rank` the ranks. */
function featuresOf(ranking: Ranking, blend: Float32Array, places: readonly number[]): Record<string, Float32Array> {
  const features: Record<string, Float32Array> = { [BLEND]: ranking.ofRows(blend, places) };
  ranking.table.names.forEach((name, column) => {
    const { scores, ranks } = ranking.feature(column, places);
    features[name] = scores;
    features[`${name} rank`] = ranks;
  });
  return features;
}
