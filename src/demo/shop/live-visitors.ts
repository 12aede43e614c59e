import type { ListRequest, Shop, ShopEvent, ShownList, Visit } from "../../simulate/index.ts";
import type { Clicks } from "./status.ts";

/** Where a list can come from. */
export type Shelf = "service" | "popular";

/** What visitors need from the server. */
export interface Storefront {
  recommend(recommender: string, request: ListRequest): Promise<ShownList>;
  send(events: readonly ShopEvent[]): Promise<void>;
}

/** Maximum number of visits at a time. Further visitors are turned away, so that no queue builds up. */
const MOST = 50;
/** How much faster than real people visitors act, so that their events aren't ahead of the clock. */
const PACE = 200;

/**
 * Visitors who arrive at a steady rate and click, browse and buy according to their simulated preferences. Half of them see popular items,
 * the others see recommendations.
 */
export class LiveVisitors {
  visits = 0;
  events = 0;
  /** Visits that failed, and the last error. */
  failures = 0;
  lastFailure: string | undefined;

  private readonly shop: Shop;
  private readonly storefront: Storefront;
  /** How often each watched item was recommended. */
  readonly watched = new Map<string, number>();

  private readonly underWay = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private arrived = 0;
  private counts: Record<Shelf, { shown: number; clicked: number }> = none();

  constructor(shop: Shop, storefront: Storefront) {
    this.shop = shop;
    this.storefront = storefront;
  }

  /** Clicks by shelf since the last {@link countAnew}. */
  get clicks(): Readonly<Record<Shelf, Clicks>> {
    return this.counts;
  }

  countAnew(): void {
    this.counts = none();
  }

  /** Starts counting how often these items are recommended. */
  watch(items: readonly { readonly id: string }[]): void {
    for (const { id } of items) this.watched.set(id, 0);
  }

  /** @param rate visits per second */
  start(rate: number): void {
    this.timer = setInterval(() => {
      if (this.underWay.size >= MOST) return;
      const visit = this.visit().finally(() => this.underWay.delete(visit));
      this.underWay.add(visit);
    }, 1000 / rate);
  }

  /** Stops new visits, and waits for those in progress. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.underWay);
  }

  private async visit(): Promise<void> {
    const shelf: Shelf = this.arrived++ % 2 === 0 ? "service" : "popular";
    const counts = this.counts[shelf];
    try {
      const visit = await this.shop.visit((request) => this.storefront.recommend(shelf === "service" ? "for-you" : "popular", request), {
        time: Math.max(Date.now(), this.shop.now),
        pace: PACE,
        send: (events) => this.storefront.send(events),
      });
      this.visits++;
      this.events += visit.events.length;
      count(visit, counts);
      if (shelf === "service") this.look(visit);
    } catch (error) {
      this.failures++;
      this.lastFailure = error instanceof Error ? error.message : String(error);
    }
  }

  private look({ pages }: Visit): void {
    for (const { shown } of pages)
      for (const item of shown.items) {
        const times = this.watched.get(item);
        if (times !== undefined) this.watched.set(item, times + 1);
      }
  }
}

function none(): Record<Shelf, { shown: number; clicked: number }> {
  return { service: { shown: 0, clicked: 0 }, popular: { shown: 0, clicked: 0 } };
}

function count({ pages }: Visit, counts: { shown: number; clicked: number }): void {
  for (const { shown, clicks } of pages) {
    counts.shown += shown.items.length;
    counts.clicked += clicks.length;
  }
}
