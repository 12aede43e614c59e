import type { ItemList } from "../../data/item-list.ts";
import { defineSource, type SourceOptions } from "../define-source.ts";
import { ANY_TYPE, type EventWeights, eventOption, typeIndex } from "../event-weights.ts";
import type { Source, SourceRequest } from "../source.ts";

const options = { event: eventOption("The event type to use. Default: all.") };

export const recentlyViewed = defineSource({
  kind: "recently-viewed",
  description: "The user's recent items, newest first.",
  options,
  repeats: true,
  create: (options, { weights }) => new RecentlyViewedSource(weights, options),
});

/** The user's recent items, newest first. */
export class RecentlyViewedSource implements Source {
  readonly name: string;
  private readonly weights: EventWeights;
  private readonly event: string | undefined;

  constructor(weights: EventWeights, { name = "recently-viewed", event }: SourceOptions<typeof options> = {}) {
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
