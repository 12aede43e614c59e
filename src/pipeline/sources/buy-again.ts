import type { EventColumns } from "../../data/event-columns.ts";
import type { ItemList } from "../../data/item-list.ts";
import { defineSource, type SourceOptions } from "../define-source.ts";
import { type EventWeights, eventOption, typeIndex } from "../event-weights.ts";
import type { Source, SourceRequest } from "../source.ts";
import { LastTimes } from "./last-times.ts";

const options = { event: eventOption("The event type of a purchase. Default: the type with the highest weight.") };

/** Events closer together than this belong to the same purchase, in milliseconds. */
const SAME_PURCHASE = 3_600_000;
/** Strength of the priors, in purchases: all items' data as prior for an item, and the item's data as prior for a user. */
const PRIOR_OF_ALL = 5;
const PRIOR_OF_ITEM = 2;
/** Minimum repurchase probability for an item to be recommended. */
const LEAST_CHANCE = 0.1;
/** Standard deviation of an item's log intervals: limits, and the default until there are enough intervals. */
const SPREAD = { least: 0.3, most: 1.2, unknown: 0.7, enough: 20 };

type Purchases = Pick<SourceRequest["recent"], "length" | "item" | "type" | "time">;

export const buyAgain = defineSource({
  kind: "buy-again",
  description: "Items the user buys regularly, when they are due.",
  options,
  repeats: true,
  create: (options, { weights }) => new BuyAgainSource(weights, options),
});

/**
 * Items the user buys regularly, when they are due. The score is the probability that the item is bought again at all, times how close the
 * time since the last purchase is to the usual (lognormal) interval:
 *
 *     score = chance · e^(-z² / 2),   z = (ln(time since) - mean of ln(interval)) / spread
 *
 * Probability and interval start from those of all items and shrink toward the item's as it is purchased, then toward the user's own. An
 * item is recommended from two standard deviations before its due time. (Repeat customer probability and aggregate time distribution:
 * Bhagat, Muralidharan, Lobzhanidze and Vishwanath, Buy It Again, KDD 2018.)
 */
export class BuyAgainSource implements Source {
  readonly name: string;
  private readonly weights: EventWeights;
  private readonly event: string | undefined;
  private type = -1;
  private last = new LastTimes();
  /** Per item: purchases, repeat purchases, and the sum of their log intervals. */
  private purchases = new Float64Array(0);
  private repeats = new Float64Array(0);
  private logs = new Float64Array(0);
  private allPurchases = 0;
  private allRepeats = 0;
  private allLogs = 0;
  private squares = 0;

  constructor(weights: EventWeights, { name = "buy-again", event }: SourceOptions<typeof options> = {}) {
    this.name = name;
    this.weights = weights;
    this.event = event;
  }

  observe({ length, user, item, type, time }: EventColumns): void {
    this.chooseType();
    const undoes = this.weights.types.map((_, type) => this.weights.undoes?.(type, this.type) === true);
    for (let e = 0; e < length; e++) {
      if (undoes[type[e]]) this.undo(item[e], this.last.undo(user[e], item[e], time[e]));
      if (type[e] !== this.type) continue;
      const i = item[e];
      if (i >= this.purchases.length) this.grow(i + 1);
      const interval = this.last.add(user[e], i, time[e]);
      if (interval < SAME_PURCHASE) continue;
      this.purchases[i]++;
      this.allPurchases++;
      if (Number.isNaN(interval)) continue;
      const log = Math.log(interval);
      // Running sum of squared deviations from the item's mean (Welford 1962).
      const before = this.repeats[i] > 0 ? this.logs[i] / this.repeats[i] : log;
      this.repeats[i]++;
      this.logs[i] += log;
      this.squares += (log - before) * (log - this.logs[i] / this.repeats[i]);
      this.allRepeats++;
      this.allLogs += log;
    }
  }

  whyNone({ user, recent }: SourceRequest): string {
    if (user === undefined && recent.length === 0) return "There is nothing to go by: no user.";
    if (this.type < 0) return this.event === undefined ? "No events yet." : `No events of type ${this.event} yet.`;
    return "Nothing that the user bought and didn't return is due.";
  }

  /** @param interval before the purchase that was taken back; undefined if there was none */
  private undo(item: number, interval: number | undefined): void {
    if (interval === undefined || interval < SAME_PURCHASE || !(this.purchases[item] > 0)) return;
    this.purchases[item]--;
    this.allPurchases--;
    if (Number.isNaN(interval) || !(this.repeats[item] > 0)) return;
    const log = Math.log(interval);
    const mean = this.logs[item] / this.repeats[item];
    this.repeats[item]--;
    this.logs[item] -= log;
    const before = this.repeats[item] > 0 ? this.logs[item] / this.repeats[item] : log;
    this.squares = Math.max(0, this.squares - (log - before) * (log - mean));
    this.allRepeats--;
    this.allLogs -= log;
  }

  candidates({ recent, older, allowed, k, now }: SourceRequest): ItemList {
    const due: { item: number; score: number }[] = [];
    const done = new Set<number>();
    const add = (item: number, events: Purchases, newest: number) => {
      done.add(item);
      const score = allowed[item] === 1 ? this.due(item, events, newest, now) : 0;
      if (score > 0) due.push({ item, score });
    };
    for (let e = 0; e < recent.length; e++) {
      const item = recent.item[e];
      if (done.has(item)) continue;
      if (recent.type[e] === this.type) add(item, recent, e);
      else if (this.takesBack(recent.type[e], recent.value[e])) done.add(item);
    }
    if (older !== undefined) {
      const takenBack = new Map<number, number>();
      for (let e = 0; e < older.length; e++)
        if (this.takesBack(older.type[e], 1))
          takenBack.set(older.item[e], Math.max(older.time[e], takenBack.get(older.item[e]) ?? Number.NEGATIVE_INFINITY));
      for (let e = 0; e < older.length; e++)
        if (older.type[e] === this.type && !done.has(older.item[e]) && !((takenBack.get(older.item[e]) ?? Number.NaN) >= older.time[e]))
          add(older.item[e], older, e);
    }
    due.sort((a, b) => b.score - a.score || a.item - b.item);
    const best = due.slice(0, k);
    return { items: Uint32Array.from(best, ({ item }) => item), scores: Float32Array.from(best, ({ score }) => score) };
  }

  private takesBack(type: number, value: number): boolean {
    return this.weights.undoes?.(type, this.type) === true || this.weights.of(type, value) < 0;
  }

  /** @param newest index of the item's newest purchase */
  private due(item: number, { length, item: items, type, time }: Purchases, newest: number, now: number): number {
    let own = 0;
    let ownLogs = 0;
    let later = time[newest];
    for (let e = newest + 1; e < length; e++) {
      if (items[e] !== item) continue;
      if (this.weights.undoes?.(type[e], this.type)) break;
      if (type[e] !== this.type || !(later - time[e] >= SAME_PURCHASE)) continue;
      own++;
      ownLogs += Math.log(later - time[e]);
      later = time[e];
    }
    const known = item < this.purchases.length;
    const repeats = known ? this.repeats[item] : 0;
    const chanceOfAll = this.allPurchases > 0 ? this.allRepeats / this.allPurchases : 0;
    const chanceOfItem = (repeats + PRIOR_OF_ALL * chanceOfAll) / ((known ? this.purchases[item] : 0) + PRIOR_OF_ALL);
    const chance = (own + PRIOR_OF_ITEM * chanceOfItem) / (own + PRIOR_OF_ITEM);
    if (!(chance >= LEAST_CHANCE) || this.allRepeats + own === 0) return 0;
    const meanOfAll = this.allRepeats > 0 ? this.allLogs / this.allRepeats : ownLogs / own;
    const meanOfItem = ((known ? this.logs[item] : 0) + PRIOR_OF_ALL * meanOfAll) / (repeats + PRIOR_OF_ALL);
    const mean = (ownLogs + PRIOR_OF_ITEM * meanOfItem) / (own + PRIOR_OF_ITEM);
    const z = (Math.log(Math.max(1, now - time[newest])) - mean) / this.spread();
    return z >= -2 ? chance * Math.exp((-z * z) / 2) : 0;
  }

  private spread(): number {
    if (this.allRepeats < SPREAD.enough) return SPREAD.unknown;
    return Math.min(SPREAD.most, Math.max(SPREAD.least, Math.sqrt(this.squares / this.allRepeats)));
  }

  /** The purchase event type changes when a stronger type first appears; counting then starts over. */
  private chooseType(): void {
    const { types } = this.weights;
    let chosen = typeIndex(this.weights, this.event);
    if (this.event === undefined)
      for (let type = 0; type < types.length; type++)
        if (chosen < 0 || this.weights.of(type, 1) > this.weights.of(chosen, 1)) chosen = type;
    if (chosen === this.type) return;
    this.type = chosen;
    this.last = new LastTimes();
    for (const counts of [this.purchases, this.repeats, this.logs]) counts.fill(0);
    this.allPurchases = this.allRepeats = this.allLogs = this.squares = 0;
  }

  private grow(size: number): void {
    const room = Math.max(size, 2 * this.purchases.length, 64);
    const longer = (counts: Float64Array) => {
      const grown = new Float64Array(room);
      grown.set(counts);
      return grown;
    };
    this.purchases = longer(this.purchases);
    this.repeats = longer(this.repeats);
    this.logs = longer(this.logs);
  }
}
