import type { EventColumns } from "../../data/event-columns.ts";
import type { ItemList } from "../../data/item-list.ts";
import { defineSource, type SourceOptions } from "../define-source.ts";
import { ANY_TYPE, type EventWeights, eventOption, takesBack, typeIndex, undoesAny } from "../event-weights.ts";
import type { Source, SourceRequest } from "../source.ts";
import { AskedAbout, nothingToGoBy } from "./asked-about.ts";
import { CountedPairs } from "./counted-pairs.ts";
import { ForwardDecay } from "./forward-decay.ts";
import { ItemSums } from "./item-sums.ts";
import { PairCounts } from "./pair-counts.ts";
import { RecentItems } from "./recent-items.ts";

const options = { event: eventOption("The event type to count. Default: all with a positive weight.") };

/** Events closer in time than this belong to one session, in milliseconds. */
const SESSION_GAP = 3_600_000;
const DAY = 86_400_000;
/** In this time, a user counts once per item. */
const WINDOW = DAY;
/** Half-life of counts, in milliseconds. */
const HALF_LIFE = 90 * DAY;
/** Pairs weaker than this may be due to chance: the square root of a log-likelihood ratio, in standard deviations. */
const LEAST_STRENGTH = 1;

export const together = defineSource({
  kind: "together",
  description:
    "Items that co-occur in a session or basket with the given items, or with the newest ones of the history. Learns from every event.",
  options,
  create: (options, { weights }) => new TogetherSource(weights, options),
});

/**
 * Items that co-occur in a session or basket with the anchors, or with the newest items of the history. Learns from every event.
 *
 * A user counts once per item and day; events that were taken back don't count.
 *
 * A pair's strength is the evidence that it co-occurs more often than by chance (the square root of the log-likelihood ratio of the table
 * of sessions with and without each item; Dunning, Accurate methods for the statistics of surprise and coincidence, 1993), times the share
 * of the anchor's sessions that contain the pair.
 */
export class TogetherSource implements Source {
  readonly name: string;
  private readonly weights: EventWeights;
  private readonly event: string | undefined;
  private readonly decay = new ForwardDecay(HALF_LIFE / Math.LN2);
  private readonly recent = new RecentItems();
  private readonly pairs = new PairCounts();
  private readonly counted = new CountedPairs([WINDOW]);
  private readonly about = new AskedAbout();
  private readonly sums = new ItemSums();
  private latest = Number.NEGATIVE_INFINITY;
  /** The strength of each pair, in the slots of `PairCounts`, and per item the total count when its strengths were computed. */
  private strengths = new Float32Array(0);
  private totals = new Float64Array(0);

  constructor(weights: EventWeights, { name = "together", event }: SourceOptions<typeof options> = {}) {
    this.name = name;
    this.weights = weights;
    this.event = event;
  }

  observe({ length, user, item, type, value, time }: EventColumns): void {
    const { weights, decay, recent, pairs, counted } = this;
    const wanted = typeIndex(weights, this.event);
    const takes = weights.types.map((_, type) => undoesAny(weights, type, wanted));
    const rescale = (factor: number) => pairs.multiply(factor);
    for (let e = 0; e < length; e++) {
      const own = weights.of(type[e], value[e]);
      if (own < 0 || takes[type[e]]) this.takeBack(user[e], item[e], type[e], time[e]);
      if (wanted === ANY_TYPE ? !(own > 0) : type[e] !== wanted) continue;
      const slot = counted.slot(user[e], item[e]);
      const taker = counted.takerAfter(slot, time[e]);
      if (taker !== undefined && takesBack(weights, taker, type[e])) continue;
      const found = recent.visit(user[e], item[e], time[e], SESSION_GAP);
      if (found < 0 || !counted.count(slot, 0, type[e], time[e])) continue;
      const weight = decay.weight(time[e], rescale);
      if (!(weight > 0)) continue;
      if (time[e] > this.latest) this.latest = time[e];
      if (found === 0) pairs.addSession(weight);
      pairs.addItem(item[e], weight);
      for (let i = 0; i < found; i++) if (recent.found[i] < pairs.size) pairs.addPair(item[e], recent.found[i], weight);
    }
  }

  /** Takes a user's newest counted event on an item back, and its pairs with what the user did around then, as far as that is known. */
  private takeBack(user: number, item: number, type: number, time: number): void {
    const { counted, decay, recent, pairs } = this;
    const slot = counted.slot(user, item);
    counted.taken(slot, type, time);
    if (!takesBack(this.weights, type, counted.typeOf(slot))) return;
    const at = counted.undo(slot, 0, time);
    if (Number.isNaN(at)) return;
    const weight = decay.past(at);
    const found = recent.leave(user, item, at, SESSION_GAP);
    if (found === 0) pairs.takeSession(weight);
    pairs.takeItem(item, weight);
    for (let i = 0; i < found; i++) pairs.takePair(item, recent.found[i], weight);
  }

  candidates(request: SourceRequest): ItemList {
    this.addUp(request);
    return this.sums.top(request.k, request.allowed);
  }

  whyNone(request: SourceRequest): string {
    return (
      nothingToGoBy(request) ??
      (this.pairs.total > 0
        ? "Nothing is known to go with these items more often than by chance."
        : "No events yet that count in favor of an item.")
    );
  }

  score(request: SourceRequest, items: Uint32Array, out: Float32Array): void {
    this.addUp(request);
    for (let i = 0; i < items.length; i++) out[i] = this.sums.of(items[i]);
  }

  explain(request: SourceRequest, item: number): readonly { readonly item: number; readonly weight: number }[] {
    const { about, pairs } = this;
    about.read(request);
    const factor = this.decay.factor(this.asOf(request.now));
    const reasons: { item: number; weight: number }[] = [];
    for (let i = 0; i < about.count; i++) {
      for (let at = pairs.first(about.items[i]); at < pairs.end(about.items[i]); at++) {
        if (pairs.neighborAt(at) !== item) continue;
        const weight = this.strength(about.items[i], at, factor) * about.weights[i];
        if (weight > 0) reasons.push({ item: about.items[i], weight });
      }
    }
    return reasons.sort((a, b) => b.weight - a.weight);
  }

  /** When nothing new comes in, counts are those of the day after the newest event: data from years ago still shows what goes together. */
  private asOf(now: number): number {
    return Math.min(now, this.latest + DAY);
  }

  /** Adds up the neighbors of the items the request is based on. */
  private addUp(request: SourceRequest): void {
    const { pairs, about, sums } = this;
    about.read(request);
    const factor = this.decay.factor(this.asOf(request.now));
    sums.start(pairs.size);
    for (let i = 0; i < about.count; i++) {
      const anchor = about.items[i];
      const end = pairs.end(anchor);
      const first = pairs.first(anchor);
      if (end > first) this.refresh(anchor, factor);
      for (let at = first; at < end; at++)
        if (this.strengths[at] > 0) sums.add(pairs.neighborAt(at), about.weights[i] * this.strengths[at]);
    }
  }

  /** Computes the strengths of an anchor's pairs if they changed, or if the total has grown by a tenth since. */
  private refresh(anchor: number, factor: number): void {
    const { pairs } = this;
    if (anchor >= this.totals.length) this.grow(pairs.size);
    const changed = pairs.changed(anchor);
    const before = this.totals[anchor];
    if (!changed && pairs.total >= before && pairs.total < 1.1 * before) return;
    this.totals[anchor] = pairs.total;
    for (let at = pairs.first(anchor); at < pairs.end(anchor); at++) this.strengths[at] = this.strength(anchor, at, factor);
  }

  private grow(size: number): void {
    const room = 2 * size;
    const strengths = new Float32Array(this.pairs.first(room));
    strengths.set(this.strengths);
    this.strengths = strengths;
    const totals = new Float64Array(room);
    totals.set(this.totals);
    this.totals = totals;
  }

  /** The strength of a neighbor for an anchor; 0 if it may be due to chance. */
  private strength(anchor: number, at: number, factor: number): number {
    const { pairs } = this;
    const one = pairs.totalOf(anchor) * factor;
    const other = pairs.totalOf(pairs.neighborAt(at)) * factor;
    const both = Math.min(pairs.countAt(at) * factor, one, other);
    const all = Math.max(pairs.total * factor, one + other - both);
    if (both * all <= one * other) return 0;
    const ratio = xlogx(both) + xlogx(one - both) + xlogx(other - both) + xlogx(all - one - other + both);
    const root = Math.sqrt(Math.max(0, 2 * (ratio + xlogx(all) - xlogx(one) - xlogx(all - one) - xlogx(other) - xlogx(all - other))));
    return root < LEAST_STRENGTH ? 0 : (root * both) / one;
  }
}

function xlogx(x: number): number {
  return x > 0 ? x * Math.log(x) : 0;
}
