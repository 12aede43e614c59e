import type { RerankRules } from "./compile-rules.ts";
import type { Selected } from "./select.ts";

/** How a list was made, by position in `members`. */
interface Making {
  readonly rules: RerankRules;
  readonly k: number;
  /** Boost factors of the candidates, in their order. */
  readonly factors: Float64Array;
  readonly scores: Float32Array;
  /** Candidates from best to worst after boosts. */
  readonly order: Uint32Array;
  readonly members: Uint32Array;
  readonly pinned: readonly (number | undefined)[];
  /** The list before exploration. */
  readonly selected: Selected;
  readonly list: readonly number[];
  readonly propensities: Float32Array;
}

/** A final list and what the rules did to it. Explanations are only made when requested. */
export class Reranked {
  /** Item indices in the order of the list. */
  readonly items: Uint32Array;
  /** After boosts, always finite; 0 for pinned items that aren't candidates. Not sorted if rules changed the order. */
  readonly scores: Float32Array;
  /** The probability of each item in its place, in (0, 1]. */
  readonly propensities: Float32Array;
  /** What put each item in its place: its score and the rules, a pin, or exploration. */
  readonly origins: readonly ("score" | "pin" | "exploration")[];
  private readonly making: Making;

  constructor(making: Making) {
    const { list, members, order, scores, pinned, selected, propensities } = making;
    const before = new Set(selected.list);
    const pins = new Set(pinned);
    this.making = making;
    this.items = Uint32Array.from(list, (position) => members[position]);
    this.scores = Float32Array.from(list, (position) => (position < order.length ? finite(scores[order[position]]) : 0));
    this.propensities = propensities;
    this.origins = list.map((position) => (pins.has(position) ? "pin" : before.has(position) ? "score" : "exploration"));
  }

  /** The rules that affected the item at a place (from 0), in order. */
  rulesOf(place: number): string[] {
    const { list, selected, rules } = this.making;
    const position = list[place];
    const texts: string[] = [];
    if (this.origins[place] === "pin") texts.push(`pinned to place ${place + 1}`);
    texts.push(...this.boostWords(position));
    if (this.origins[place] === "pin") return texts;
    const planned = selected.list.indexOf(position);
    const share = selected.forced.get(position);
    if (share !== undefined) texts.push(`needed for the share of ${share}`);
    else if (planned >= 0 && planned < this.rankAmongOthers(position)) {
      const adjusters = this.adjusters();
      const from = this.rankAmongOthers(position) + 1;
      texts.push(`moved up from ${from} to ${planned + 1} by ${adjusters.length > 0 ? adjusters.join(" and ") : "caps"}`);
    }
    if (planned !== place) {
      const by = rules.exploration?.words ?? "exploration";
      texts.push(planned < 0 ? `added by ${by}` : `moved from ${planned + 1} to ${place + 1} by ${by}`);
    }
    return texts;
  }

  /** The rule that kept an item out of the list; undefined if it is in the list or wasn't a candidate. */
  whyNot(item: number): string | undefined {
    const { members, order, list, selected, rules, k } = this.making;
    const position = members.indexOf(item);
    if (position < 0 || list.includes(position)) return undefined;
    const planned = selected.list.indexOf(position);
    if (planned >= 0) return `its place ${planned + 1} went to another item by ${rules.exploration?.words ?? "exploration"}`;
    const full = selected.blocked.get(position);
    if (full !== undefined) return `excluded by a cap: ${full}`;
    const boosts = this.boostWords(position);
    const note = boosts.length > 0 ? `, ${boosts.join(" and ")}` : "";
    const rank = `ranked ${position + 1} of ${order.length} by score${note}`;
    if (position >= k) {
      const before = order[position] + 1;
      return before <= k
        ? `boosts moved it from ${before} to ${position + 1}${note}; the list has ${k} places`
        : `${rank}; the list has ${k} places`;
    }
    // Its score is high enough for the list, so something else took its place.
    const takers = [...this.adjusters()];
    const pins = this.origins.filter((origin) => origin === "pin").length;
    if (pins > 0) takers.unshift(pins === 1 ? "a pin" : `${pins} pins`);
    const shares = new Set(selected.forced.values());
    for (const share of shares) takers.push(`the share of ${share}`);
    return `${rank}; lost its place to ${takers.length > 0 ? takers.join(", ") : "caps"}`;
  }

  /** The rules, other than caps and shares, that changed the order by score. */
  private adjusters(): string[] {
    const { diversity, calibration } = this.making.rules;
    const adjusters: string[] = [];
    if (diversity !== undefined && diversity.spec.strength > 0) adjusters.push(`diversity (${diversity.spec.kind})`);
    if (calibration !== undefined && calibration.strength > 0) adjusters.push(`calibration by ${calibration.by}`);
    return adjusters;
  }

  /** The place an item would have by score among the pins. */
  private rankAmongOthers(position: number): number {
    const { pinned } = this.making;
    const others = position - pinned.filter((pin) => pin !== undefined && pin < position).length;
    // Find the place with that many free places before it.
    let place = 0;
    for (let free = -1; place < pinned.length; place++) {
      if (pinned[place] === undefined) free++;
      if (free === others) return place;
    }
    return place + others;
  }

  private boostWords(position: number): string[] {
    const { factors, order, rules } = this.making;
    if (position >= order.length) return [];
    const factor = factors[order[position]];
    if (factor === 1) return [];
    const sources = rules.boosts.map(({ source }) => source).join("; ");
    return [`boosted by ${Number(factor.toPrecision(4))} (${sources})`];
  }
}

/** Slightly below the largest 32-bit float. */
const LARGEST = 3.4e38;

/** Makes a score representable in JSON. */
function finite(score: number): number {
  return Number.isNaN(score) ? 0 : Math.max(-LARGEST, Math.min(LARGEST, score));
}
