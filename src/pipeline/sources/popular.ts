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

/** The items with the most activity. With a half-life, recent activity counts more. */
export class PopularSource implements Source {
  readonly name: string;
  private readonly weights: EventWeights;
  private readonly event: string | undefined;
  private readonly decay: ForwardDecay | undefined;
  private readonly ranked = new RankedItems();

  constructor(weights: EventWeights, { name = "popular", halfLife, event }: PopularOptions = {}) {
    this.name = name;
    this.weights = weights;
    this.event = event;
    this.decay = halfLife === undefined ? undefined : new ForwardDecay(halfLife / Math.LN2);
  }

  observe({ length, item, type, value, time }: EventColumns): void {
    const { weights, ranked, decay } = this;
    const wanted = typeIndex(weights, this.event);
    const rescale = (factor: number) => this.multiply(factor);
    for (let e = 0; e < length; e++) {
      if (wanted !== ANY_TYPE && type[e] !== wanted) continue;
      const weight = wanted === ANY_TYPE ? weights.of(type[e], value[e]) : 1;
      if (!(weight > 0)) continue;
      const i = item[e];
      if (i >= ranked.size) ranked.grow(i + 1);
      ranked.scores[i] += decay === undefined ? weight : weight * decay.weight(time[e], rescale);
      ranked.touch(i);
    }
  }

  candidates({ allowed, only, k, now }: SourceRequest): ItemList {
    const { items, scores } = only === undefined ? this.ranked.top(k, allowed, 0) : this.ranked.best(only, k, allowed, 0);
    const factor = this.decay?.factor(now) ?? 1;
    if (factor !== 1) for (let i = 0; i < items.length; i++) scores[i] = this.ranked.scores[items[i]] * factor;
    return { items, scores };
  }

  score({ now }: SourceRequest, items: Uint32Array, out: Float32Array): void {
    const { scores, size } = this.ranked;
    const factor = this.decay?.factor(now) ?? 1;
    for (let i = 0; i < items.length; i++) out[i] = items[i] < size ? scores[items[i]] * factor : 0;
  }

  private multiply(factor: number): void {
    const { scores, size } = this.ranked;
    for (let i = 0; i < size; i++) scores[i] *= factor;
    this.ranked.touchAll();
  }
}
