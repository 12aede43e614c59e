import { Type } from "typebox";
import type { ItemList } from "../../data/item-list.ts";
import { defineSource, type SourceOptions } from "../define-source.ts";
import { propertyName } from "../references.ts";
import type { CatalogView, Source, SourceRequest } from "../source.ts";
import { RankedItems } from "./ranked-items.ts";

const options = {
  by: Type.Optional(
    propertyName(["time", "number"], "A property of type time or number to sort by. Default: when the item was first seen."),
  ),
};

export const newest = defineSource({
  kind: "newest",
  description: "The newest items.",
  options,
  create: (options, { catalog }) => new NewestSource(catalog, options),
});

/** The newest items first. Leaves out items without a time or with a time in the future. */
export class NewestSource implements Source {
  readonly name: string;
  readonly impersonal = true;
  private readonly catalog: CatalogView;
  private readonly by: string | undefined;
  private readonly ranked = new RankedItems();
  private followed = Number.NaN;

  constructor(catalog: CatalogView, { name = "newest", by }: SourceOptions<typeof options> = {}) {
    this.name = name;
    this.catalog = catalog;
    this.by = by;
  }

  candidates({ allowed, only, k, now }: SourceRequest): ItemList {
    this.follow();
    const { items, scores } =
      only === undefined
        ? this.ranked.top(k, allowed, Number.NEGATIVE_INFINITY, now)
        : this.ranked.best(only, k, allowed, Number.NEGATIVE_INFINITY, now);
    for (let i = 0; i < items.length; i++) scores[i] = freshness(now - this.ranked.scores[items[i]]);
    return { items, scores };
  }

  whyNone(): string {
    if (this.by === undefined || this.times() !== undefined) return "No allowed item has a time that isn't in the future.";
    return `No item has the property ${this.by} as a time or a number.`;
  }

  score({ now }: SourceRequest, items: Uint32Array, out: Float32Array): void {
    this.follow();
    const { scores, size } = this.ranked;
    for (let i = 0; i < items.length; i++) {
      const time = items[i] < size ? scores[items[i]] : Number.NEGATIVE_INFINITY;
      out[i] = time > Number.NEGATIVE_INFINITY && time <= now ? freshness(now - time) : Number.NaN;
    }
  }

  /** Picks up changes in the catalog. */
  private follow(): void {
    const { catalog, ranked } = this;
    if (catalog.version === this.followed) return;
    this.followed = catalog.version;
    const times = this.times();
    ranked.grow(catalog.size, Number.NEGATIVE_INFINITY);
    const { scores } = ranked;
    for (let item = 0; item < catalog.size; item++) {
      const time = times === undefined || Number.isNaN(times[item]) ? Number.NEGATIVE_INFINITY : times[item];
      if (scores[item] === time) continue;
      scores[item] = time;
      ranked.touch(item);
    }
  }

  private times(): Float64Array | undefined {
    if (this.by === undefined) return this.catalog.firstSeen;
    const column = Object.hasOwn(this.catalog.columns, this.by) ? this.catalog.columns[this.by] : undefined;
    return column?.type === "time" || column?.type === "number" ? column.values : undefined;
  }
}

/** From 1 for brand-new items down to 0; 0.5 after one day. */
function freshness(age: number): number {
  return 1 / (1 + age / 86_400_000);
}
