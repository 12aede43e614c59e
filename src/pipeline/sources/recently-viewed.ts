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

  whyNone({ recent }: SourceRequest): string {
    if (recent.length === 0) return "There is nothing to go by: no events of the user.";
    return this.event === undefined
      ? "None of the user's items is allowed."
      : `The user has no event of type ${this.event} with an allowed item.`;
  }

  candidates({ recent, older, allowed, k }: SourceRequest): ItemList {
    const wanted = typeIndex(this.weights, this.event);
    const found = new Set<number>();
    const fits = (item: number, type: number) => allowed[item] === 1 && (wanted === ANY_TYPE || type === wanted);
    for (let e = 0; e < recent.length && found.size < k; e++) if (fits(recent.item[e], recent.type[e])) found.add(recent.item[e]);
    if (found.size < k && older !== undefined) {
      const rows = Array.from({ length: older.length }, (_, row) => row).filter((row) => fits(older.item[row], older.type[row]));
      rows.sort((a, b) => older.time[b] - older.time[a]);
      for (let i = 0; i < rows.length && found.size < k; i++) found.add(older.item[rows[i]]);
    }
    const items = Uint32Array.from(found);
    return { items, scores: Float32Array.from(items, (_, place) => 1 / (1 + place)) };
  }
}
