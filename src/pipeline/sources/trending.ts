import { Type } from "typebox";
import type { EventColumns } from "../../data/event-columns.ts";
import type { ItemList } from "../../data/item-list.ts";
import { Duration } from "../../data/text-schemas.ts";
import { parseDuration } from "../../util/duration.ts";
import { defineSource } from "../define-source.ts";
import { ANY_TYPE, type EventWeights, eventOption, typeIndex } from "../event-weights.ts";
import type { Source, SourceRequest } from "../source.ts";
import { ForwardDecay } from "./forward-decay.ts";

export interface TrendingOptions {
  /** `trending` by default. */
  readonly name?: string | undefined;
  /** Milliseconds that count as now; by default as many as hold enough events to tell a rise from chance, from 1 hour to 3 weeks. */
  readonly window?: number | undefined;
  /** Count events of this type only; by default all that say something in favour of their item. */
  readonly event?: string | undefined;
}

const HOUR = 3_600_000;
/** Windows to choose from, each eight times the one before: 1 hour, 8 hours, 2.7 days, 3 weeks, and half a year to compare with. */
const LADDER = [HOUR, 8 * HOUR, 64 * HOUR, 512 * HOUR, 4096 * HOUR];
const STEP = 8;
/** Events in a window from which on it is long enough. */
const ENOUGH_EVENTS = 2000;
/** How much the prior counts: as much as so many events of one item, and of all. */
const PRIOR = 2;
const PRIOR_OF_ALL = 50;
/** Items kept as risen; twice as many before the weakest are dropped. */
const BOARD = 512;

export const trending = defineSource({
  kind: "trending",
  description: "What rises now: recent events against those before them.",
  options: {
    window: Type.Optional({ ...Duration, description: 'How long now is, such as `"7d"`. Default: fitted to how fast events come.' }),
    event: eventOption("The event type to count. Default: all that say something in favor of their item."),
  },
  create: ({ name, window = "", event }, { weights }) => new TrendingSource(weights, { name, window: parseDuration(window), event }),
});

/**
 * What rises now. Counts of events fade at two speeds, so that an item's share of what happens now stands against its share before:
 *
 *     expected = now_of_all · (before + prior) / (before_of_all + prior of all)
 *
 * An item scores by the 5% quantile of how many times its expectation it has reached, under a gamma prior around 1, so that a few events on
 * a quiet item are no rise (the gamma-Poisson shrinker: DuMouchel 1999, Bayesian data mining in large frequency tables). Only items that
 * have risen, with a quantile above 1, are named. A change in how much happens altogether raises nothing.
 */
export class TrendingSource implements Source {
  readonly name: string;
  private readonly weights: EventWeights;
  private readonly event: string | undefined;
  private readonly decays: readonly ForwardDecay[];
  /** Fading counts, a row an item and a column a scale; and of all items. */
  private counts = new Float64Array(0);
  private readonly totals: Float64Array;
  private items = 0;
  private active = 0;
  /** Items that may have risen, and whether an item is among them. */
  private board = new Uint32Array(2 * BOARD);
  private boardSize = 0;
  private onBoard = new Uint8Array(0);
  private rises = new Float64Array(0);
  /** Columns and factors of the two scales compared. */
  private fast = 0;
  private nowFactor = 1;
  private beforeFactor = 1;
  private nowOfAll = 0;
  private beforeOfAll = 0;
  private rankedAt = Number.NaN;
  private eventsSince = 0;
  private latest = Number.NEGATIVE_INFINITY;

  constructor(weights: EventWeights, { name = "trending", window, event }: TrendingOptions = {}) {
    this.name = name;
    this.weights = weights;
    this.event = event;
    // Fading with scale w/2, events are as old in the mean as in a plain window of length w.
    const windows = window === undefined ? LADDER : [window, STEP * window];
    this.decays = windows.map((length) => new ForwardDecay(length / 2));
    this.totals = new Float64Array(windows.length);
  }

  observe({ length, item, type, value, time }: EventColumns): void {
    const { weights, decays, totals } = this;
    const scales = decays.length;
    const wanted = typeIndex(weights, this.event);
    const rescale = decays.map((_, column) => (factor: number) => this.multiply(column, factor));
    for (let e = 0; e < length; e++) {
      if (wanted === ANY_TYPE ? !(weights.of(type[e], value[e]) > 0) : type[e] !== wanted) continue;
      const i = item[e];
      if (i >= this.items) this.grow(i + 1);
      const row = i * scales;
      if (this.counts[row + scales - 1] === 0) this.active++;
      for (let s = 0; s < scales; s++) {
        const weight = decays[s].weight(time[e], rescale[s]);
        this.counts[row + s] += weight;
        totals[s] += weight;
      }
      if (time[e] > this.latest) this.latest = time[e];
    }
    this.compareAt(this.latest);
    // Of many events, most are of the same items: look at each item once.
    if (length > this.items) for (let i = 0; i < this.items; i++) this.consider(i);
    else for (let e = 0; e < length; e++) if (item[e] < this.items) this.consider(item[e]);
    this.eventsSince += length;
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

  score({ now }: SourceRequest, items: Uint32Array, out: Float32Array): void {
    this.rank(now);
    for (let i = 0; i < items.length; i++) out[i] = items[i] < this.items ? this.rise(items[i]) : 0;
  }

  /** Puts the board in order, unless little can have changed since the last time. */
  private rank(now: number): void {
    const changed = this.eventsSince > 0 && this.eventsSince * 8 >= this.boardSize;
    const aged = !(now >= this.rankedAt && now - this.rankedAt < this.decays[this.fast].scale / 500);
    if (!changed && !aged) return;
    this.compareAt(Math.max(now, this.latest));
    this.order();
    this.rankedAt = now;
    this.eventsSince = 0;
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

  /** Chooses the scales, and works out what their counts are worth at a time. */
  private compareAt(now: number): void {
    const { decays, totals } = this;
    let fast = 0;
    while (fast < decays.length - 2 && totals[fast] * decays[fast].factor(now) < ENOUGH_EVENTS / 2) fast++;
    this.fast = fast;
    this.nowFactor = decays[fast].factor(now);
    this.beforeFactor = decays[fast + 1].factor(now);
    this.nowOfAll = totals[fast] * this.nowFactor;
    this.beforeOfAll = Math.max(0, totals[fast + 1] * this.beforeFactor - this.nowOfAll);
  }

  private rise(item: number): number {
    const at = item * this.decays.length + this.fast;
    const reached = this.counts[at] * this.nowFactor;
    // What the slow count has beyond the fast one is what happened before.
    const before = Math.max(0, this.counts[at + 1] * this.beforeFactor - reached);
    const prior = PRIOR_OF_ALL / Math.max(1, this.active);
    const expected = (this.nowOfAll * (before + prior)) / (this.beforeOfAll + PRIOR_OF_ALL);
    const shape = PRIOR + reached;
    // The quantile of a gamma distribution, by Wilson and Hilferty (1931).
    const cube = 1 - 1 / (9 * shape) - 1.645 / (3 * Math.sqrt(shape));
    return cube <= 0 ? 0 : (shape * cube * cube * cube) / (PRIOR + expected);
  }

  private grow(size: number): void {
    const scales = this.decays.length;
    if (size > this.onBoard.length) {
      const room = Math.max(size, 2 * this.onBoard.length, 64);
      const counts = new Float64Array(room * scales);
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

  private multiply(column: number, factor: number): void {
    const scales = this.decays.length;
    for (let at = column; at < this.items * scales; at += scales) this.counts[at] *= factor;
    this.totals[column] *= factor;
  }
}
