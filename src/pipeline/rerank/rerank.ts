import type { FeatureTable } from "../../data/features.ts";
import type { ItemList } from "../../data/item-list.ts";
import type { Scope } from "../../expression/scope.ts";
import type { Random } from "../../util/random.ts";
import type { History } from "../source.ts";
import { boosted, boostFactors } from "./boosts.ts";
import { calibrate } from "./calibration.ts";
import { CapCounts } from "./caps.ts";
import type { RerankRules } from "./compile-rules.ts";
import type { Feedback } from "./exploration/define-exploration.ts";
import { ItemSimilarity } from "./item-similarity.ts";
import { placePins } from "./pins.ts";
import { Reranked } from "./reranked.ts";
import { orderByScore } from "./score-order.ts";
import { type Adjustment, type Selecting, select, sparesOf } from "./select.ts";
import { shareLimit } from "./share-limit.ts";
import { ShareCounts } from "./shares.ts";

export interface RerankRequest {
  /** Scored items, best first, all allowed, no duplicates. The more candidates, the more rules can do. */
  readonly candidates: ItemList;
  /** List length. */
  readonly k: number;
  /** 1 for items that a pin may put into the list, by item index. */
  readonly allowed: Uint8Array;
  readonly columns: FeatureTable;
  readonly scope: Scope;
  /** For calibration. */
  readonly history: Pick<History, "items" | "weights">;
  /** For exploration. */
  readonly random: Random;
  /** The index of an item's id, or -1. For pins. */
  readonly indexOf: (id: string) => number;
  /** For Thompson sampling. Default: no impressions yet. */
  readonly feedback?: Feedback | undefined;
}

const nothingShown: Feedback = { shown: [], taken: [], rate: 0.05 };

/**
 * Makes the final list of k items from candidates by applying pins, boosts, diversity with calibration, caps and shares, and exploration.
 *
 * - Pins keep their place regardless of other rules. They count toward caps and shares, and diversity compares other items with them.
 * - Caps hold for all other items, including explored ones. A list is cut short rather than exceed a cap.
 * - Shares are met as far as candidates and caps allow.
 * - Exploration doesn't replace pins or items that a share needs.
 *
 * @throws RecoError `bad-input` if a parameter of an expression is missing or has the wrong type
 */
export function rerank(rules: RerankRules, request: RerankRequest): Reranked {
  const { candidates, k, allowed, columns, scope, random } = request;
  const pins = placePins(rules.pins, k, allowed, request.indexOf, scope);

  const count = candidates.items.length;
  const factors = boostFactors(rules.boosts, columns, candidates.items, scope);
  const scores = candidates.scores.map((score, i) => boosted(score, factors[i]));
  const order = orderByScore(scores);

  const extra = pins.filter((item): item is number => item !== undefined && !candidates.items.includes(item));
  const members = new Uint32Array(count + extra.length);
  for (let position = 0; position < count; position++) members[position] = candidates.items[order[position]];
  members.set(extra, count);
  const pinned = pins.map((item) => (item === undefined ? undefined : members.indexOf(item)));

  const selecting: Selecting = {
    members,
    candidates: count,
    relevance: relevanceOf(order, scores),
    pinned,
    caps: new CapCounts(rules.caps, columns),
    shares: new ShareCounts(rules.shares, columns, members, scope, Math.min(k, members.length)),
    adjustments: adjustmentsOf(rules, request, members),
  };
  const selected = select(selecting);

  const { list } = selected;
  let final: readonly number[] = list;
  let propensities = new Float32Array(list.length).fill(1);
  if (rules.exploration !== undefined) {
    const held = selecting.shares.needed(list);
    for (const position of pinned) if (position !== undefined) held.add(position);
    const open = [...list.keys()].filter((place) => !held.has(list[place]));
    const spares = sparesOf(selecting, list);
    const explored = rules.exploration.explore({ list, open, spares, members, feedback: request.feedback ?? nothingShown, random });
    final = explored.list;
    propensities = explored.propensities as Float32Array<ArrayBuffer>;
  }
  return new Reranked({ rules, k, factors, scores, order, members, pinned, selected, list: final, propensities });
}

/** Scores scaled to [0, 1] between the lowest and highest finite score, by position. */
function relevanceOf(order: Uint32Array, scores: Float32Array): Float64Array {
  const relevance = new Float64Array(order.length);
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const score of scores) {
    if (!Number.isFinite(score)) continue;
    least = Math.min(least, score);
    most = Math.max(most, score);
  }
  const range = most - least;
  for (let position = 0; position < order.length; position++) {
    const score = scores[order[position]];
    if (Number.isFinite(score)) relevance[position] = range > 0 ? (score - least) / range : 1;
    else relevance[position] = score > 0 ? 1 : 0;
  }
  return relevance;
}

function adjustmentsOf(
  { diversity, calibration }: RerankRules,
  { columns, history, k }: RerankRequest,
  members: Uint32Array,
): Adjustment[] {
  const adjustments: Adjustment[] = [];
  if (diversity !== undefined && diversity.spec.strength > 0) {
    const { spec, definition } = diversity;
    const similarity = new ItemSimilarity(columns, spec.by, members);
    if (similarity.usable) adjustments.push(definition.create(similarity, members.length, spec as never));
  }
  if (diversity?.spec.limit !== undefined) {
    const limited = shareLimit(columns, diversity.spec.limit, members, k);
    if (limited !== undefined) adjustments.push(limited);
  }
  if (calibration !== undefined && calibration.strength > 0) {
    const calibrated = calibrate(columns, calibration.by, calibration.strength, history, members);
    if (calibrated !== undefined) adjustments.push(calibrated);
  }
  return adjustments;
}
