import { Type } from "typebox";
import type { EventColumns } from "../../data/event-columns.ts";
import type { ItemList } from "../../data/item-list.ts";
import { Duration } from "../../data/text-schemas.ts";
import { parseDuration } from "../../util/duration.ts";
import { defineSource } from "../define-source.ts";
import { ANY_TYPE, type EventWeights, eventOption, typeIndex } from "../event-weights.ts";
import type { Source, SourceRequest } from "../source.ts";
import { ForwardDecay } from "./forward-decay.ts";
import { RankedItems } from "./ranked-items.ts";
import { UserCounts } from "./user-counts.ts";

export interface PopularOptions {
  /** Default `popular`. */
  readonly name?: string | undefined;
  /** Milliseconds in which an event loses half its weight. Default: all events count equally, regardless of age. */
  readonly halfLife?: number | undefined;
  /** Count only events of this type, each as 1. Default: all, by weight. */
  readonly event?: string | undefined;
}

export const popular = defineSource({
  kind: "popular",
  description: "Most events.",
  options: {
    halfLife: Type.Optional({
      ...Duration,
      description: 'The time in which an event loses half its weight, such as `"30d"`. Default: all events count equally.',
    }),
    event: eventOption("The event type to count, each event as 1. Default: all, by weight."),
  },
  create: ({ name, halfLife = "", event }, { weights }) => new PopularSource(weights, { name, halfLife: parseDuration(halfLife), event }),
});

/** The items with the most activity; each user counts once per item, by the strongest event. With a half-life, recent activity counts more. */
export class PopularSource implements Source {
  readonly name: string;
  readonly impersonal = true;
  private readonly weights: EventWeights;
  private readonly event: string | undefined;
  private readonly decay: ForwardDecay | undefined;
  private readonly counts = new UserCounts();
  private readonly ranked = new RankedItems();

  constructor(weights: EventWeights, { name = "popular", halfLife, event }: PopularOptions = {}) {
    this.name = name;
    this.weights = weights;
    this.event = event;
    this.decay = halfLife === undefined ? undefined : new ForwardDecay(halfLife / Math.LN2);
  }

  observe({ length, user, item, type, value, time }: EventColumns): void {
    const { weights, ranked, decay, counts } = this;
    const wanted = typeIndex(weights, this.event);
    const rescale = (factor: number) => this.multiply(factor);
    for (let e = 0; e < length; e++) {
      const own = weights.of(type[e], value[e]);
      const undoing = wanted === ANY_TYPE || weights.undoes?.(type[e], wanted) === true;
      if (type[e] !== wanted && !undoing) continue;
      const weight = wanted === ANY_TYPE ? own : type[e] === wanted ? 1 : 0;
      const i = item[e];
      if (i >= ranked.size) ranked.grow(i + 1);
      const strength = decay === undefined ? weight : weight * decay.weight(time[e], rescale);
      const change = this.count(counts.slot(user[e], i), type[e], strength, time[e]);
      if (change === 0) continue;
      ranked.scores[i] += change;
      ranked.touch(i);
    }
  }

  /** Counts an event of a user about an item; returns the change of what the user adds to the item. */
  private count(slot: number, type: number, strength: number, time: number): number {
    const { counts, weights } = this;
    const before = counts.pros[slot] + counts.cons[slot];
    const undone = counts.conTypes[slot];
    const older = (one: number, other: number) => one < other;
    if (counts.pros[slot] > 0 && !older(time, counts.proTimes[slot]) && undoes(weights, type, strength, counts.proTypes[slot]))
      counts.pros[slot] = 0;
    if (undone >= 0 && !older(time, counts.conTimes[slot]) && weights.undoes?.(type, undone)) counts.cons[slot] = 0;
    if (strength > 0) {
      const late = undone >= 0 && older(time, counts.conTimes[slot]) && (counts.cons[slot] < 0 || weights.undoes?.(undone, type));
      if (!late && strength > counts.pros[slot]) {
        counts.pros[slot] = strength;
        counts.proTypes[slot] = type;
        counts.proTimes[slot] = time;
      }
    } else if (!older(time, counts.conTimes[slot]) && (strength < 0 || counts.cons[slot] === 0)) {
      if (strength < counts.cons[slot]) counts.cons[slot] = strength;
      counts.conTypes[slot] = type;
      counts.conTimes[slot] = time;
    }
    return counts.pros[slot] + counts.cons[slot] - before;
  }

  candidates({ allowed, only, k, now }: SourceRequest): ItemList {
    const { items, scores } = only === undefined ? this.ranked.top(k, allowed, 0) : this.ranked.best(only, k, allowed, 0);
    const factor = this.decay?.factor(now) ?? 1;
    if (factor !== 1) for (let i = 0; i < items.length; i++) scores[i] = this.ranked.scores[items[i]] * factor;
    return { items, scores };
  }

  whyNone(): string {
    if (this.ranked.size === 0 && this.event !== undefined) return `No events of type ${this.event} yet.`;
    return "No events count in favor of an allowed item.";
  }

  score({ now }: SourceRequest, items: Uint32Array, out: Float32Array): void {
    const { scores, size } = this.ranked;
    const factor = this.decay?.factor(now) ?? 1;
    for (let i = 0; i < items.length; i++) out[i] = items[i] < size ? scores[items[i]] * factor : 0;
  }

  private multiply(factor: number): void {
    const { scores, size } = this.ranked;
    for (let i = 0; i < size; i++) scores[i] *= factor;
    this.counts.multiply(factor);
    this.ranked.touchAll();
  }
}

function undoes(weights: EventWeights, type: number, strength: number, other: number): boolean {
  return strength < 0 || weights.undoes?.(type, other) === true;
}
