import { TopItems } from "../../model/online/top-items.ts";
import { ANY_TYPE, type EventWeights, typeIndex } from "../event-weights.ts";
import { ItemMarks } from "../item-marks.ts";
import type { Candidates, ObservedEvents, Source, SourceRequest } from "../source.ts";
import { AskedAbout } from "./asked-about.ts";
import { ForwardDecay } from "./forward-decay.ts";
import { PairCounts } from "./pair-counts.ts";
import { RecentItems } from "./recent-items.ts";

export interface TogetherOptions {
  /** `together` by default. */
  readonly name?: string | undefined;
  /** Events of this type only; by default all that say something in favour of their item. */
  readonly event?: string | undefined;
}

/** What lies closer in time than this belongs to one session, in milliseconds. */
const SESSION_GAP = 3_600_000;
/** Milliseconds in which a count loses half its weight. */
const HALF_LIFE = 90 * 86_400_000;
/** Strength below which a pair may be chance: the root of a log-likelihood ratio, in standard deviations. */
const LEAST_STRENGTH = 2;

/**
 * What comes together with the anchors, or with the newest items of the history, in one session or basket. It learns with every event.
 *
 * A pair counts by how sure it is that it comes together more often than chance would have it: by the root of the log-likelihood ratio of
 * the table of both items (Dunning, Accurate methods for the statistics of surprise and coincidence, 1993), times the share of the
 * anchor's pairs that it makes.
 */
export class TogetherSource implements Source {
  readonly name: string;
  private readonly weights: EventWeights;
  private readonly event: string | undefined;
  private readonly decay = new ForwardDecay(HALF_LIFE / Math.LN2);
  private readonly recent = new RecentItems();
  private readonly pairs = new PairCounts();
  private readonly marks = new ItemMarks();
  private readonly best = new TopItems();
  private readonly about = new AskedAbout();
  private sums = new Float32Array(0);
  private touched = new Uint32Array(0);

  constructor(weights: EventWeights, { name = "together", event }: TogetherOptions = {}) {
    this.name = name;
    this.weights = weights;
    this.event = event;
  }

  observe({ length, user, item, type, value, time }: ObservedEvents): void {
    const { weights, decay, recent, pairs } = this;
    const wanted = typeIndex(weights, this.event);
    const rescale = (factor: number) => pairs.multiply(factor);
    for (let e = 0; e < length; e++) {
      if (wanted === ANY_TYPE ? !(weights.of(type[e], value[e]) > 0) : type[e] !== wanted) continue;
      const found = recent.visit(user[e], item[e], time[e], SESSION_GAP);
      if (found === 0) continue;
      const weight = decay.weight(time[e], rescale);
      if (weight > 0) for (let i = 0; i < found; i++) pairs.add(item[e], recent.found[i], weight);
    }
  }

  candidates(request: SourceRequest): Candidates {
    const count = this.addUp(request);
    const { best, touched, sums } = this;
    best.start(Math.min(request.k, count));
    for (let i = 0; i < count; i++) if (request.allowed[touched[i]] === 1) best.offer(touched[i], sums[i]);
    return best.take();
  }

  score(request: SourceRequest, items: Uint32Array, out: Float32Array): void {
    this.addUp(request);
    for (let i = 0; i < items.length; i++) out[i] = this.marks.has(items[i]) ? this.sums[this.marks.get(items[i])] : 0;
  }

  explain(request: SourceRequest, item: number): readonly { readonly item: number; readonly weight: number }[] {
    const { about, pairs } = this;
    about.read(request);
    const factor = this.decay.factor(request.now);
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

  /** Adds up the neighbours of what the request is about. @returns how many there are in `touched` and `sums` */
  private addUp(request: SourceRequest): number {
    const { pairs, marks, about } = this;
    const { allowed, now } = request;
    about.read(request);
    const factor = this.decay.factor(now);
    marks.start(allowed.length);
    let length = 0;
    for (let i = 0; i < about.count; i++) {
      const anchor = about.items[i];
      const weight = about.weights[i];
      const first = pairs.first(anchor);
      const end = pairs.end(anchor);
      this.reserve(length + end - first);
      for (let at = first; at < end; at++) {
        const neighbor = pairs.neighborAt(at);
        if (neighbor >= allowed.length) continue;
        const strength = this.strength(anchor, at, factor);
        if (strength === 0) continue;
        if (marks.has(neighbor)) this.sums[marks.get(neighbor)] += weight * strength;
        else {
          marks.set(neighbor, length);
          this.touched[length] = neighbor;
          this.sums[length++] = weight * strength;
        }
      }
    }
    return length;
  }

  /** How surely and how much a neighbour belongs to an anchor; 0 where it may be chance. */
  private strength(anchor: number, at: number, factor: number): number {
    const { pairs } = this;
    const both = pairs.countAt(at) * factor;
    const one = pairs.totalOf(anchor) * factor;
    const other = pairs.totalOf(pairs.neighborAt(at)) * factor;
    const all = pairs.total * factor;
    if (both * all <= one * other) return 0;
    const ratio = xlogx(both) + xlogx(one - both) + xlogx(other - both) + xlogx(all - one - other + both);
    const root = Math.sqrt(Math.max(0, 2 * (ratio + xlogx(all) - xlogx(one) - xlogx(all - one) - xlogx(other) - xlogx(all - other))));
    return root < LEAST_STRENGTH ? 0 : (root * both) / one;
  }

  private reserve(size: number): void {
    if (size <= this.sums.length) return;
    const sums = new Float32Array(2 * size);
    sums.set(this.sums);
    this.sums = sums;
    const touched = new Uint32Array(2 * size);
    touched.set(this.touched);
    this.touched = touched;
  }
}

function xlogx(x: number): number {
  return x > 0 ? x * Math.log(x) : 0;
}
