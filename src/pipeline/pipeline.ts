import type { UserEvents } from "../data/event-columns.ts";
import type { Expression } from "../expression/compile.ts";
import type { Scope } from "../expression/scope.ts";
import type { Random } from "../util/random.ts";
import type { SkippedSource } from "./answer.ts";
import { type CandidateTable, tabulate } from "./candidate-table.ts";
import { fill } from "./fill.ts";
import type { Asked, GuardedSource, Outcome } from "./guarded-source.ts";
import { ItemMarks } from "./item-marks.ts";
import { answerOf } from "./make-answer.ts";
import { Masks } from "./masks.ts";
import { Ranking } from "./ranking.ts";
import type { RerankRules } from "./rerank/compile-rules.ts";
import type { Feedback } from "./rerank/exploration.ts";
import { rerank } from "./rerank/rerank.ts";
import type { Reranked } from "./rerank/reranked.ts";
import type { LearnedSoFar } from "./scorer/learned.ts";
import type { Scorer } from "./scorer/scorer.ts";
import type { CatalogueView, History } from "./source.ts";
import { strongestItem } from "./strongest-item.ts";
import type { PipelineTrace } from "./trace.ts";
import type { WhyNot } from "./why.ts";

/** What a pipeline is made of; `assemblePipeline` makes it of a spec. */
export interface PipelineParts {
  /** Read anew in each request, so it may change at any time. */
  readonly catalogue: CatalogueView;
  /** 1 for items that may be recommended at a time; a new array when anything in it changes. */
  readonly available: (now: number) => Uint8Array;
  /** The index of an item's id, or -1. */
  readonly indexOf: (id: string) => number;
  readonly sources: readonly GuardedSource[];
  /** Fill what is left of a list, in this order, and then whatever may be returned. Undefined: nothing fills, and lists may be short. */
  readonly fallbacks: readonly GuardedSource[] | undefined;
  /** All must hold. */
  readonly filters: readonly Expression[];
  readonly includeSeen: boolean;
  /** Take the strongest recent item of the history as what the request is about, when it names nothing itself. */
  readonly anchorByHistory: boolean;
  readonly blend: Scorer;
  /** Asked in each request: what was learned takes the place of the blend. Undefined where the scorer is no learned one. */
  readonly learned: () => LearnedSoFar | undefined;
  readonly rules: RerankRules;
  /** For Thompson sampling. */
  readonly feedback: () => Feedback | undefined;
}

/** One question to a pipeline; items are indices of the catalogue. */
export interface PipelineRequest {
  /** Length of the list, at least 1. */
  readonly k: number;
  readonly history: History;
  readonly recent: UserEvents;
  /** Items that count as seen; duplicates are fine. */
  readonly seen: Uint32Array;
  /** Items that the request is about. They do not come back. */
  readonly anchors: Uint32Array;
  /** The only items that may be returned; all when absent. */
  readonly candidates?: Uint32Array | undefined;
  readonly exclude: Uint32Array;
  /** Beside the pipeline's own. */
  readonly filters: readonly Expression[];
  /** Beside the pipeline's own; each gives a number. */
  readonly boosts: readonly Expression[];
  /** Undefined for somebody without an id. */
  readonly user: string | undefined;
  /** What expressions look at; its `now` is the time of the request. */
  readonly scope: Scope;
  readonly context: Readonly<Record<string, string | number | boolean>>;
  readonly random: Random;
  /** Say how the answer came about. */
  readonly trace: boolean;
  /** Say of these items where they stand, or why they do not. */
  readonly why: Uint32Array;
}

export interface PipelineItem {
  readonly item: number;
  readonly score: number;
  /** How likely it was to stand in this place, in (0, 1]. */
  readonly propensity: number;
  /** Those that named it; `pin` and `exploration` where these put it here, `rest` where nothing had more to say. */
  readonly sources: readonly string[];
  /** With `trace`: strongest first, weights adding up to at most 1. */
  readonly reasons?: readonly { readonly item: number; readonly weight: number }[];
  readonly sourceScores?: Readonly<Record<string, number>>;
  readonly rules?: readonly string[];
}

export interface PipelineAnswer {
  readonly items: readonly PipelineItem[];
  readonly skipped: readonly SkippedSource[];
  /** What the list is about: the anchors of the request, or the one taken from the history. */
  readonly anchors: Uint32Array;
  /**
   * For the log of served answers, what a scorer can learn from: by source its score of each item, and by `source rank` its rank, from 1,
   * NaN where it did not name the item; by `blend score` what the blend said.
   */
  readonly features: Readonly<Record<string, Float32Array>>;
  readonly trace?: PipelineTrace;
  readonly why?: readonly WhyNot[];
}

export interface Pipeline {
  readonly parts: PipelineParts;
  /**
   * Answers one request; computed at once where no source gives a promise.
   *
   * @throws RecoError `bad-input` where a parameter of an expression is missing or of the wrong type
   */
  run(request: PipelineRequest): Promise<PipelineAnswer>;
}

export function createPipeline(parts: PipelineParts): Pipeline {
  const marks = new ItemMarks();
  const masks = new Masks(parts.filters);
  return { parts, run: (request) => run(parts, masks, marks, request) };
}

/** Candidates from which on no more are looked for, when rules leave a list short. */
const MOST_FILLED = 5000;

/** How many candidates each source is asked for: enough to choose from and to make up for what rules push out. */
function depth(k: number): number {
  return Math.max(k, Math.min(1000, 30 + 2 * k));
}

async function run(parts: PipelineParts, masks: Masks, marks: ItemMarks, request: PipelineRequest): Promise<PipelineAnswer> {
  const started = performance.now();
  const { sources } = parts;
  const anchors = anchorsOf(parts, request);
  const mask = masks.borrow(parts.available(request.scope.now), parts.catalogue, request.scope, request.filters);
  try {
    if (request.candidates !== undefined) mask.keepOnly(request.candidates);
    if (!parts.includeSeen) mask.crossOut(request.seen);
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
    const learned = parts.learned();
    const scores = learned?.scorer === undefined ? blend : new Float32Array(table.items.length);
    learned?.scorer?.score(table, scores, blend);
    const rules = rulesOf(parts.rules, request.boosts);
    const ranking = new Ranking(table, scores, rules === undefined && request.why.length === 0 ? request.k : scores.length);
    for (let wanted = request.k; ; wanted *= 4) {
      const filled = ranking.length < wanted ? await fill(ranking, wanted, parts.fallbacks, asked, mask, marks) : [];
      outcomes.push(...filled);
      const list = reranked(rules, ranking, parts, request, mask.allowed);
      // Rules may have pushed so much out that the list is short; there may be other items that they let in.
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

function askedOf(
  { indexOf }: PipelineParts,
  { k, history, recent, candidates, scope, user, context, random }: PipelineRequest,
  anchors: Uint32Array,
  allowed: Uint8Array,
): Asked {
  const only = candidates === undefined ? undefined : Uint32Array.from([...new Set(candidates)].filter((item) => allowed[item] === 1));
  return { history, recent, anchors, allowed, only, k: depth(k), now: scope.now, indexOf, user, context, random };
}

/** Asks every source that answered what it thinks of the candidates of the others. */
function fillIn(table: CandidateTable, sources: readonly GuardedSource[], outcomes: readonly Outcome[], asked: Asked): void {
  const all = new Float32Array(table.items.length);
  sources.forEach((source, column) => {
    if (outcomes[column].candidates === undefined || !source.score(asked, table.items, all)) return;
    const first = column * table.stride;
    for (let row = 0; row < all.length; row++) if (table.ranks[first + row] === 0) table.scores[first + row] = all[row];
  });
}

/** Undefined where there are none, so that the list is just the best. */
function rulesOf(rules: RerankRules, boosts: readonly Expression[]): RerankRules | undefined {
  if (boosts.length > 0) return { ...rules, boosts: [...rules.boosts, ...boosts] };
  const some = rules.boosts.length + rules.pins.length + rules.caps.length + rules.shares.length > 0;
  return some || rules.diversity || rules.calibration || rules.exploration ? rules : undefined;
}

function reranked(
  rules: RerankRules | undefined,
  ranking: Ranking,
  { catalogue, indexOf, feedback }: PipelineParts,
  { k, scope, history, random }: PipelineRequest,
  allowed: Uint8Array,
): Reranked | undefined {
  if (rules === undefined) return undefined;
  const candidates = ranking.candidates();
  return rerank(rules, { candidates, k, allowed, columns: catalogue.columns, scope, history, random, indexOf, feedback: feedback() });
}
