import type { Expression } from "../expression/compile.ts";
import { type CandidateTable, tabulate } from "./candidate-table.ts";
import { fill } from "./fill.ts";
import type { Asked, GuardedSource, Outcome } from "./guarded-source.ts";
import { ItemMarks } from "./item-marks.ts";
import { answerOf, type PipelineAnswer } from "./make-answer.ts";
import { Masks } from "./masks.ts";
import type { PipelineParts, PipelineRequest } from "./pipeline-parts.ts";
import { Ranking } from "./ranking.ts";
import type { RerankRules } from "./rerank/compile-rules.ts";
import { rerank } from "./rerank/rerank.ts";
import type { Reranked } from "./rerank/reranked.ts";
import type { History } from "./source.ts";

export interface Pipeline {
  readonly parts: PipelineParts;
  /**
   * Answers one request, synchronously unless a source returns a promise.
   *
   * @throws RecoError `bad-input` if a parameter of an expression is missing or has the wrong type
   */
  run(request: PipelineRequest): Promise<PipelineAnswer>;
}

export function createPipeline(parts: PipelineParts): Pipeline {
  const marks = new ItemMarks();
  const masks = new Masks(parts.filters);
  return { parts, run: (request) => run(parts, masks, marks, request) };
}

/** Stop looking for more candidates at this many when rules leave a list short. */
const MOST_FILLED = 5000;

/** Half-life of a user's events, in milliseconds. */
const HALF_LIFE = 7 * 86_400_000;
/** If times are unknown, multiply the weight by this for each newer item. */
const PER_PLACE = 0.9;

/** Candidates to request from each source: enough to choose from and to replace those that rules push out. */
function depth(k: number): number {
  return Math.max(k, Math.min(1000, 30 + 2 * k));
}

async function run(parts: PipelineParts, masks: Masks, marks: ItemMarks, request: PipelineRequest): Promise<PipelineAnswer> {
  const started = performance.now();
  const { sources } = parts;
  const anchors = anchorsOf(parts, request);
  const mask = masks.borrow(parts.available(request.scope.now), parts.catalog, request.scope, request.filters);
  try {
    if (request.candidates !== undefined) mask.keepOnly(request.candidates);
    if (!parts.includeSeen) mask.crossOut(request.seen);
    if (request.hidden.length > 0) mask.crossOut(request.hidden);
    mask.crossOut(request.exclude);
    mask.crossOut(anchors);
    const asked = askedOf(parts, request, anchors, mask.allowed);
    const answers = sources.map((source) => source.ask(asked, marks));
    const outcomes: Outcome[] = [];
    for (const answer of answers) outcomes.push(answer instanceof Promise ? await answer : answer);
    const names = sources.map(({ name }) => name);
    const given = outcomes.map(({ candidates }) => candidates);
    const table = tabulate(names, given, mask.allowed.length, marks);
    if (parts.blend.fillsIn) fillIn(table, sources, outcomes, asked);
    const blend = new Float32Array(table.items.length);
    parts.blend.score(table, blend);
    const learned = parts.learned?.();
    const scores = learned?.scorer === undefined ? blend : new Float32Array(table.items.length);
    learned?.scorer?.score(table, scores, blend);
    const rules = rulesOf(parts.rules, request.boosts);
    const ranking = new Ranking(table, scores, rules === undefined && request.why.length === 0 ? request.k : scores.length);
    for (let wanted = request.k; ; wanted *= 4) {
      const filled = ranking.length < wanted ? await fill(ranking, wanted, parts.fallbacks, asked, mask, marks) : [];
      outcomes.push(...filled);
      const list = reranked(rules, ranking, parts, request, mask.allowed);
      // Rules can leave the list short even though other items would satisfy them.
      const short = list !== undefined && list.items.length < request.k && ranking.length >= wanted && wanted <= MOST_FILLED;
      if (!short) return answerOf({ parts, request, asked, anchors, outcomes, ranking, blend, learned, list, started });
    }
  } finally {
    mask.giveBack();
  }
}

function anchorsOf({ anchorByHistory }: PipelineParts, { anchors, history, scope }: PipelineRequest): Uint32Array {
  if (!anchorByHistory || anchors.length > 0) return anchors;
  const strongest = strongestItem(history, scope.now);
  return strongest === undefined ? anchors : Uint32Array.of(strongest);
}

/** The strongest recent item: the largest weight, halved every week. Undefined for an empty history. */
function strongestItem({ items, weights, times }: History, now: number): number | undefined {
  let strongest: number | undefined;
  let most = 0;
  for (let i = 0; i < items.length; i++) {
    const age = Math.max(0, now - times[i]);
    const weight = weights[i] * (Number.isNaN(age) ? PER_PLACE ** i : 2 ** (-age / HALF_LIFE));
    if (strongest !== undefined && !(weight > most)) continue;
    strongest = items[i];
    most = weight;
  }
  return strongest;
}

function askedOf(
  { indexOf }: PipelineParts,
  { k, history, recent, older, candidates, scope, user, context, random }: PipelineRequest,
  anchors: Uint32Array,
  allowed: Uint8Array,
): Asked {
  const only = candidates === undefined ? undefined : Uint32Array.from([...new Set(candidates)].filter((item) => allowed[item] === 1));
  return { history, recent, older, anchors, allowed, only, k: depth(k), now: scope.now, indexOf, user, context, random };
}

/** Has every source that answered score the other sources' candidates. */
function fillIn(table: CandidateTable, sources: readonly GuardedSource[], outcomes: readonly Outcome[], asked: Asked): void {
  const all = new Float32Array(table.items.length);
  sources.forEach((source, column) => {
    if (outcomes[column].candidates === undefined || !source.score(asked, table.items, all)) return;
    const first = column * table.stride;
    for (let row = 0; row < all.length; row++) if (table.ranks[first + row] === 0) table.scores[first + row] = all[row];
  });
}

/** Undefined if there are no rules: the list is then the top of the ranking. */
function rulesOf(rules: RerankRules, boosts: readonly Expression[]): RerankRules | undefined {
  if (boosts.length > 0) return { ...rules, boosts: [...rules.boosts, ...boosts] };
  const some = rules.boosts.length + rules.pins.length + rules.caps.length + rules.shares.length > 0;
  return some || rules.diversity || rules.calibration || rules.exploration ? rules : undefined;
}

function reranked(
  rules: RerankRules | undefined,
  ranking: Ranking,
  { catalog, indexOf, feedback }: PipelineParts,
  { k, scope, history, random }: PipelineRequest,
  allowed: Uint8Array,
): Reranked | undefined {
  if (rules === undefined) return undefined;
  const candidates = ranking.candidates();
  return rerank(rules, { candidates, k, allowed, columns: catalog.columns, scope, history, random, indexOf, feedback: feedback() });
}
