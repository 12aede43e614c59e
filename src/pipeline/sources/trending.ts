import { Type } from "typebox";
import type { EventColumns } from "../../data/event-columns.ts";
import type { ItemList } from "../../data/item-list.ts";
import { Duration } from "../../data/text-schemas.ts";
import { parseDuration } from "../../util/duration.ts";
import { defineSource } from "../define-source.ts";
import { ANY_TYPE, type EventWeights, eventOption, takesBack, typeIndex, undoesAny } from "../event-weights.ts";
import type { Source, SourceRequest } from "../source.ts";
import { CountedPairs } from "./counted-pairs.ts";
import { ForwardDecay } from "./forward-decay.ts";
import { Newcomers } from "./newcomers.ts";

export interface TrendingOptions {
  /** Default `trending`. */
  readonly name?: string | undefined;
  /**
   * Milliseconds that count as recent. Default: from 1 hour to 3 weeks, as long as it takes to collect enough events to tell a rise from
   * chance.
   */
  readonly window?: number | undefined;
  /** Count only events of this type. Default: all with a positive weight. */
  readonly event?: string | undefined;
}

const HOUR = 3_600_000;
/** Windows to choose from, each eight times the previous one: 1 hour, 8 hours, 2.7 days, 3 weeks, and half a year to compare with. */
const LADDER = [HOUR, 8 * HOUR, 64 * HOUR, 512 * HOUR, 4096 * HOUR];
const STEP = 8;
/** A window with this many events is long enough. */
const ENOUGH_EVENTS = 2000;
/** Strength of the prior, in events of one item, and of all items. */
const PRIOR = 2;
const PRIOR_OF_ALL = 50;
/** Number of rising items to keep. Grows to twice as many before the weakest are dropped. */
const BOARD = 512;

export const trending = defineSource({
  kind: "trending",
  description: "Items on the rise: recent events compared with earlier ones.",
  options: {
    window: Type.Optional({
      ...Duration,
      description: 'The length of the recent period, such as `"7d"`. Default: adapts to the rate of events.',
    }),
    event: eventOption("The event type to count. Default: all with a positive weight."),
  },
  create: ({ name, window = "", event }, { weights }) => new TrendingSource(weights, { name, window: parseDuration(window), event }),
});

/**
 * Items on the rise. A user counts once per item and window, a new one a quarter; events that were taken back don't count. Event counts decay at two speeds, which compares an item's recent share of all events with its earlier share:
 *
 *     expected = now_of_all · (before + prior) / (before_of_all + prior of all)
 *
 * The score is the 5% quantile of the ratio of actual to expected events, under a gamma prior around 1, so a few events on a quiet item
 * don't count as a rise (the gamma-Poisson shrinker: DuMouchel 1999, Bayesian data mining in large frequency tables). Only items with a
 * quantile above 1 are recommended. A change in overall activity has no effect.
 */
export class TrendingSource implements Source {
  readonly name: string;
  readonly impersonal = true;
  private readonly weights: EventWeights;
  private readonly event: string | undefined;
  /** From fast to slow; each is compared with the next. */
  private readonly decays: readonly ForwardDecay[];
  private readonly pairs: CountedPairs;
  /**
   * Decaying counts: one row per item and two columns per comparison, at the fast scale and at the slow one, both of events that count in
   * the window of the fast one. And the totals over all items.
   */
  private counts = new Float64Array(0);
  private readonly totals: Float64Array;
  private items = 0;
  private active = 0;
  /** Items that may be rising, and whether an item is among them. */
  private board = new Uint32Array(2 * BOARD);
  private boardSize = 0;
  private onBoard = new Uint8Array(0);
  private rises = new Float64Array(0);
  /** The comparison that is used, and the factors of its counts. */
  private fast = 0;
  private nowFactor = 1;
  private beforeFactor = 1;
  private nowOfAll = 0;
  private beforeOfAll = 0;
  private rankedAt = Number.NaN;
  private eventsSince = 0;
  private latest = Number.NEGATIVE_INFINITY;
  private readonly newcomers = new Newcomers();

  constructor(weights: EventWeights, { name = "trending", window, event }: TrendingOptions = {}) {
    this.name = name;
    this.weights = weights;
    this.event = event;
    // With decay scale w/2, the mean age of events is the same as in a plain window of length w.
    const windows = window === undefined ? LADDER : [window, STEP * window];
    this.decays = windows.map((length) => new ForwardDecay(length / 2));
    this.pairs = new CountedPairs(windows.slice(0, -1));
    this.totals = new Float64Array(2 * (windows.length - 1));
  }

  observe({ length, user, item, type, value, time }: EventColumns): void {
    const { weights, decays, totals, pairs } = this;
    const columns = totals.length;
    const wanted = typeIndex(weights, this.event);
    const takes = weights.types.map((_, type) => undoesAny(weights, type, wanted));
    const rescale = decays.map((_, scale) => (factor: number) => this.multiply(scale, factor));
    for (let e = 0; e < length; e++) {
      const own = weights.of(type[e], value[e]);
      const i = item[e];
      const share = this.newcomers.shareOf(user[e], time[e]);
      if (own < 0 || takes[type[e]]) this.takeBack(pairs.slot(user[e], i), user[e], i, type[e], time[e]);
      if (wanted === ANY_TYPE ? !(own > 0) : type[e] !== wanted) continue;
      if (i >= this.items) this.grow(i + 1);
      const row = i * columns;
      const slot = pairs.slot(user[e], i);
      const taker = pairs.takerAfter(slot, time[e]);
      if (taker !== undefined && takesBack(weights, taker, type[e])) continue;
      if (this.counts[row + columns - 1] === 0) this.active++;
      let fast = decays[0].weight(time[e], rescale[0]);
      // What doesn't count at a fast scale isn't counted at slower ones either.
      for (let at = 0, scale = 0; at < columns && pairs.count(slot, scale, type[e], time[e]); at += 2) {
        const slow = decays[++scale].weight(time[e], rescale[scale]);
        this.counts[row + at] += share * fast;
        this.counts[row + at + 1] += share * slow;
        totals[at] += share * fast;
        totals[at + 1] += share * slow;
        fast = slow;
      }
      if (time[e] > this.latest) this.latest = time[e];
    }
    this.compareAt(this.latest);
    // Many events share items, so check each item once.
    if (length > this.items) for (let i = 0; i < this.items; i++) this.consider(i);
    else for (let e = 0; e < length; e++) if (item[e] < this.items) this.consider(item[e]);
    this.eventsSince += length;
  }

  /** Takes a user's newest counted event on an item back, if an event of this type does so. */
  private takeBack(slot: number, user: number, item: number, type: number, time: number): void {
    const { pairs, decays, totals, counts } = this;
    pairs.taken(slot, type, time);
    if (!takesBack(this.weights, type, pairs.typeOf(slot))) return;
    const columns = totals.length;
    for (let at = 0; at < columns; at += 2) {
      const counted = pairs.undo(slot, at >> 1, time);
      if (Number.isNaN(counted)) continue;
      const share = this.newcomers.shareOf(user, counted);
      for (const [column, scale] of [
        [at, at >> 1],
        [at + 1, (at >> 1) + 1],
      ]) {
        const weight = Math.min(share * decays[scale].past(counted), counts[item * columns + column]);
        counts[item * columns + column] -= weight;
        totals[column] -= weight;
      }
    }
  }

  candidates({ allowed, k, now }: SourceRequest): ItemList {
    this.rank(now);
    const items = new Uint32Array(Math.min(k, this.boardSize));
    let length = 0;
    for (let at = 0; at < this.boardSize && length < items.length; at++) {
      const item = this.board[at];
      if (this.rises[item] <= 1) break;
      if (allowed[item] === 1) items[length++] = item;
    }
    const found = items.slice(0, length);
    return { items: found, scores: Float32Array.from(found, (item) => this.rises[item]) };
  }

  whyNone(): string {
    if (this.active === 0)
      return this.event === undefined ? "No events yet that count in favor of an item." : `No events of type ${this.event} yet.`;
    return "No allowed item gets clearly more events than before.";
  }

  score({ now }: SourceRequest, items: Uint32Array, out: Float32Array): void {
    this.rank(now);
    for (let i = 0; i < items.length; i++) out[i] = items[i] < this.items ? this.rise(items[i]) : 0;
  }

  /** Sorts the board, unless little can have changed since the last time. */
  private rank(now: number): void {
    const changed = this.eventsSince > 0 && this.eventsSince * 8 >= this.boardSize;
    const aged = !(now >= this.rankedAt && now - this.rankedAt < this.decays[this.fast].scale / 500);
    if (!changed && !aged) return;
    const time = this.asOf(now);
    this.compareAt(time);
    // Back at the end of the data, what has left the board since may be rising again.
    if (time < now) for (let i = 0; i < this.items; i++) this.consider(i);
    this.order();
    this.rankedAt = now;
    this.eventsSince = 0;
  }

  /** Now, or the time of the newest event if that is older than the longest window: then the end of the data is what is recent. */
  private asOf(now: number): number {
    const longest = 2 * this.decays[this.decays.length - 2].scale;
    return now - this.latest > longest ? this.latest : Math.max(now, this.latest);
  }

  private order(): void {
    const { rises, onBoard } = this;
    const board = this.board.subarray(0, this.boardSize);
    for (const item of board) rises[item] = this.rise(item);
    board.sort((a, b) => rises[b] - rises[a] || a - b);
    while (this.boardSize > 0 && (this.boardSize > BOARD || rises[board[this.boardSize - 1]] <= 1)) onBoard[board[--this.boardSize]] = 0;
  }

  private consider(item: number): void {
    if (this.onBoard[item] === 1 || !(this.rise(item) > 1)) return;
    if (this.boardSize === this.board.length) this.order();
    this.board[this.boardSize++] = item;
    this.onBoard[item] = 1;
  }

  /** Chooses the scales and computes the factors of their counts at a time. */
  private compareAt(now: number): void {
    const { decays, totals } = this;
    let fast = 0;
    while (fast < decays.length - 2 && totals[2 * fast] * decays[fast].factor(now) < ENOUGH_EVENTS / 2) fast++;
    this.fast = fast;
    this.nowFactor = decays[fast].factor(now);
    this.beforeFactor = decays[fast + 1].factor(now);
    this.nowOfAll = totals[2 * fast] * this.nowFactor;
    this.beforeOfAll = Math.max(0, totals[2 * fast + 1] * this.beforeFactor - this.nowOfAll);
  }

  private rise(item: number): number {
    const at = item * this.totals.length + 2 * this.fast;
    const reached = this.counts[at] * this.nowFactor;
    // The slow count minus the fast one is the earlier activity.
    const before = Math.max(0, this.counts[at + 1] * this.beforeFactor - reached);
    const prior = PRIOR_OF_ALL / Math.max(1, this.active);
    const expected = (this.nowOfAll * (before + prior)) / (this.beforeOfAll + PRIOR_OF_ALL);
    const shape = PRIOR + reached;
    // The quantile of a gamma distribution, by Wilson and Hilferty (1931).
    const cube = 1 - 1 / (9 * shape) - 1.645 / (3 * Math.sqrt(shape));
    return cube <= 0 ? 0 : (shape * cube * cube * cube) / (PRIOR + expected);
  }

  private grow(size: number): void {
    if (size > this.onBoard.length) {
      const room = Math.max(size, 2 * this.onBoard.length, 64);
      const counts = new Float64Array(room * this.totals.length);
      counts.set(this.counts);
      this.counts = counts;
      const onBoard = new Uint8Array(room);
      onBoard.set(this.onBoard);
      this.onBoard = onBoard;
      this.rises = new Float64Array(room);
      this.rankedAt = Number.NaN;
    }
    this.items = size;
  }

  /** Multiplies the counts at a scale: the fast ones of its own comparison, and the slow ones of the one before. */
  private multiply(scale: number, factor: number): void {
    const columns = this.totals.length;
    for (const column of [2 * scale, 2 * scale - 1]) {
      if (column < 0 || column >= columns) continue;
      for (let at = column; at < this.items * columns; at += columns) this.counts[at] *= factor;
      this.totals[column] *= factor;
    }
  }
}
