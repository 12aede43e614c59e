import type { ItemList } from "../../data/item-list.ts";
import { ANY_TYPE, type EventWeights, typeIndex } from "../event-weights.ts";
import type { Source, SourceRequest } from "../source.ts";

export interface RecentlyViewedOptions {
  /** `recently-viewed` by default. */
  readonly name?: string | undefined;
  /** Events of this type only; by default all. */
  readonly event?: string | undefined;
}

/** What somebody did something with, the latest first. */
export class RecentlyViewedSource implements Source {
  readonly name: string;
  private readonly weights: EventWeights;
  private readonly event: string | undefined;

  constructor(weights: EventWeights, { name = "recently-viewed", event }: RecentlyViewedOptions = {}) {
    this.name = name;
    this.weights = weights;
    this.event = event;
  }

  candidates({ recent, allowed, k }: SourceRequest): ItemList {
    const wanted = typeIndex(this.weights, this.event);
    const found = new Set<number>();
    for (let e = 0; e < recent.length && found.size < k; e++) {
      if (allowed[recent.item[e]] !== 1 || (wanted !== ANY_TYPE && recent.type[e] !== wanted)) continue;
      found.add(recent.item[e]);
    }
    const items = Uint32Array.from(found);
    return { items, scores: Float32Array.from(items, (_, place) => 1 / (1 + place)) };
  }
}
