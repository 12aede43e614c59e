import type { ShopLog } from "./history.ts";
import { createShop, type Shop } from "./shop.ts";

/** Visits per day, as a share of all events; the log then spans about six weeks. */
const SHARE_OF_A_DAY = 1 / 100;

/**
 * A shop and a log of an exact size, for load and speed tests: by default 100,000 items and a million events. Every item has properties. Most events
 * are on a small part of the items, as in real life.
 *
 * @throws RecoError `bad-input` for a number below 1
 */
export function shopLoad(
  options: { readonly items?: number; readonly visitors?: number; readonly events?: number; readonly seed?: number } = {},
): {
  readonly shop: Shop;
  readonly log: ShopLog;
} {
  const { items = 100_000, visitors = 50_000, events = 1_000_000, seed = 1 } = options;
  // No items arrive later, so that there are exactly as many as requested.
  const shop = createShop({ items, visitors, visitsPerDay: Math.ceil(events * SHARE_OF_A_DAY), newItemsPerDay: 0, seed });
  const { user, item, type, value, time, session } = shop.history(10_000, { events });
  const cut = <A extends { subarray(from: number, to: number): A }>(column: A) => column.subarray(0, events);
  const log = {
    length: events,
    user: cut(user),
    item: cut(item),
    type: cut(type),
    value: cut(value),
    time: cut(time),
    session: cut(session),
  };
  return { shop, log };
}
