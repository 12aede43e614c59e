import type { EventColumns } from "../../data/event-columns.ts";

/** Users kept per item, the newest. */
const most = 256;
const nobody: readonly number[] = [];

/**
 * The users who recently interacted with each item: an inverted index that observes every event. It keeps the newest 256 users per item, so
 * its memory grows with the number of items, not events.
 */
export class ItemAudiences {
  private readonly users: (number[] | undefined)[] = [];
  private readonly counts: number[] = [];

  observe({ length, user, item }: EventColumns): void {
    for (let e = 0; e < length; e++) {
      const index = item[e];
      const row = this.users[index];
      if (row === undefined) {
        this.users[index] = [user[e]];
        this.counts[index] = 1;
        continue;
      }
      const count = this.counts[index];
      // A user's events on one item come in runs: view, cart, purchase.
      if (row[(count - 1) % most] === user[e]) continue;
      row[count % most] = user[e];
      this.counts[index] = count + 1;
    }
  }

  /** User indices, in no particular order; may contain duplicates. */
  of(item: number): readonly number[] {
    return this.users[item] ?? nobody;
  }

  /** How often users interacted with an item; a run of events of one user counts once. */
  count(item: number): number {
    return this.counts[item] ?? 0;
  }
}
