import type { Expression } from "../expression/compile.ts";
import type { Scope } from "../expression/scope.ts";
import { TopItems } from "../model/online/top-items.ts";
import type { Random } from "../util/random.ts";
import type { SkippedSource } from "./answer.ts";
import { type CandidateTable, tabulate } from "./candidate-table.ts";
import { fill } from "./fill.ts";
import type { Asked, GuardedSource, Outcome } from "./guarded-source.ts";
import { ItemMarks } from "./item-marks.ts";
import { type Borrowed, Masks } from "./masks.ts";
import type { Scorer } from "./scorer/scorer.ts";
import type { CatalogueView, History, RecentActivity } from "./source.ts";
import { strongestItem } from "./strongest-item.ts";

/** What a pipeline is made of. */
export interface PipelineParts {
  /** Read anew in each request, so it may change at any time. */
  readonly catalogue: CatalogueView;
  /** 1 for items that may be recommended at a time; a new array when anything in it changes. */
  readonly available: (now: number) => Uint8Array;
  readonly sources: readonly GuardedSource[];
  /** Fill what is left of a list, in this order. What they leave is filled with whatever may be returned. */
  readonly fallbacks: readonly GuardedSource[];
  /** All must hold. */
  readonly filters: readonly Expression[];
  readonly includeSeen: boolean;
  /** Take the strongest recent item of the history as what the request is about, when it names nothing itself. */
  readonly anchorByHistory: boolean;
  readonly scorer: Scorer;
}

/** One question to a pipeline; items are indices of the catalogue. */
export interface PipelineRequest {
  /** Length of the list, at least 1. */
  readonly k: number;
  readonly history: History;
  readonly recent: RecentActivity;
  /** Items that count as seen; duplicates are fine. */
  readonly seen: Uint32Array;
  /** Items that the request is about. They do not come back. */
  readonly anchors: Uint32Array;
  /** The only items that may be returned; all when absent. */
  readonly candidates?: Uint32Array | undefined;
  readonly exclude: Uint32Array;
  /** Beside the pipeline's own. */
  readonly filters: readonly Expression[];
  /** Undefined for somebody without an id. */
  readonly user: string | undefined;
  /** What expressions look at; its `now` is the time of the request. */
  readonly scope: Scope;
  readonly context: Readonly<Record<string, string | number | boolean>>;
  readonly random: Random;
}

export interface PipelineItem {
  readonly item: number;
  readonly score: number;
  /** How likely it was to stand in this place, in (0, 1]. */
  readonly propensity: number;
  readonly sources: readonly string[];
}

export interface PipelineAnswer {
  readonly items: readonly PipelineItem[];
  readonly skipped: readonly SkippedSource[];
  /** What the list is about: the anchors of the request, or the one taken from the history. */
  readonly anchors: Uint32Array;
  /** For the log of served answers: by source, the score of each item, NaN where the source did not name it. */
  readonly features: Readonly<Record<string, Float32Array>>;
}

export interface Pipeline {
  /**
   * Answers one request; computed at once where no source gives a promise.
   *
   * @throws RecoError `bad-input` where a parameter of a filter is missing or of the wrong type
   */
  run(request: PipelineRequest): Promise<PipelineAnswer>;
}

export function createPipeline(parts: PipelineParts): Pipeline {
  const marks = new ItemMarks();
  const masks = new Masks(parts.filters);
  return { run: (request) => run(parts, masks, marks, request) };
}

/** How many candidates each source is asked for: enough to choose from and to make up for what rules push out. */
function depth(k: number): number {
  return Math.max(k, Math.min(1000, 50 + 5 * k));
}

async function run(parts: PipelineParts, masks: Masks, marks: ItemMarks, request: PipelineRequest): Promise<PipelineAnswer> {
  const { sources, scorer } = parts;
  const { k } = request;
  const anchors = anchorsOf(parts, request);
  const mask = masks.borrow(masks.base(parts.available(request.scope.now), parts.catalogue, request.scope.now));
  try {
    narrow(mask, parts, masks, request, anchors);
    const asked = askedOf(request, anchors, mask.allowed);
    const answers = sources.map((source) => source.ask(asked, marks));
    const outcomes: Outcome[] = [];
    for (const answer of answers) outcomes.push(answer instanceof Promise ? await answer : answer);
    const skipped = outcomes.flatMap(({ skipped }) => skipped ?? []);
    const names = sources.map(({ name }) => name);
    const table = tabulate(
      names,
      outcomes.map(({ candidates }) => candidates),
      mask.allowed.length,
      marks,
    );
    if (scorer.fillsIn) fillIn(table, sources, outcomes, asked);
    const scores = new Float32Array(table.items.length);
    scorer.score(table, scores);
    const rows = bestRows(scores, k);
    const items: PipelineItem[] = [];
    for (const row of rows) items.push({ item: table.items[row], score: scores[row], propensity: 1, sources: namedBy(table, row) });
    if (items.length < k) await fill(items, k, parts.fallbacks, asked, mask, marks, skipped);
    return { items, skipped, anchors, features: featuresOf(table, rows, items.length) };
  } finally {
    mask.giveBack();
  }
}

/** Crosses out all that this request may not return. */
function narrow(mask: Borrowed, parts: PipelineParts, masks: Masks, request: PipelineRequest, anchors: Uint32Array): void {
  if (request.candidates !== undefined) mask.keepOnly(request.candidates);
  for (const filter of masks.requestFilters) mask.narrow(filter, parts.catalogue, request.scope);
  for (const filter of request.filters) mask.narrow(filter, parts.catalogue, request.scope);
  if (!parts.includeSeen) mask.crossOut(request.seen);
  mask.crossOut(request.exclude);
  mask.crossOut(anchors);
}

function askedOf(
  { k, history, recent, candidates, scope, user, context, random }: PipelineRequest,
  anchors: Uint32Array,
  allowed: Uint8Array,
): Asked {
  const only = candidates === undefined ? undefined : [...new Set(candidates)].filter((item) => allowed[item] === 1);
  return {
    history,
    recent,
    anchors,
    allowed,
    only: only === undefined ? undefined : Uint32Array.from(only),
    k: depth(k),
    now: scope.now,
    user,
    context,
    random,
  };
}

function anchorsOf({ anchorByHistory }: PipelineParts, { anchors, history, scope }: PipelineRequest): Uint32Array {
  if (!anchorByHistory || anchors.length > 0) return anchors;
  const strongest = strongestItem(history, scope.now);
  return strongest === undefined ? anchors : Uint32Array.of(strongest);
}

/** Asks every source that answered what it thinks of the candidates of the others. */
function fillIn(table: CandidateTable, sources: readonly GuardedSource[], outcomes: readonly Outcome[], asked: Asked): void {
  const all = new Float32Array(table.items.length);
  sources.forEach((source, column) => {
    if (outcomes[column].candidates === undefined || !source.score(asked, table.items, all)) return;
    const scores = table.scores[column];
    for (let row = 0; row < all.length; row++) if (table.ranks[column][row] === 0) scores[row] = all[row];
  });
}

/** The rows with the highest scores, best first; equal ones in the order of the table. */
function bestRows(scores: Float32Array, k: number): Uint32Array {
  best.start(Math.min(k, scores.length));
  for (let row = 0; row < scores.length; row++) best.offer(row, scores[row]);
  return best.take().items;
}

const best = new TopItems();

function namedBy({ names, ranks }: CandidateTable, row: number): string[] {
  const by: string[] = [];
  for (let column = 0; column < names.length; column++) if (ranks[column][row] > 0) by.push(names[column]);
  return by;
}

function featuresOf({ names, scores, ranks }: CandidateTable, rows: Uint32Array, length: number): Record<string, Float32Array> {
  const features: Record<string, Float32Array> = {};
  for (let column = 0; column < names.length; column++) {
    const feature = new Float32Array(length).fill(Number.NaN);
    for (let i = 0; i < rows.length; i++) if (ranks[column][rows[i]] > 0) feature[i] = scores[column][rows[i]];
    features[names[column]] = feature;
  }
  return features;
}
