import type { EventColumns } from "../../data/event-columns.ts";

/** Users kept an item, the newest. */
const most = 256;
const nobody: readonly number[] = [];

/**
 * Who did something with each item lately: an inverted index from items to users, told of every event. Of each item it keeps the newest
 * 256 users, so its memory goes with the items and not with the events.
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
      // What somebody does with one item comes in runs: view, cart, purchase.
      if (row[(count - 1) % most] === user[e]) continue;
      row[count % most] = user[e];
      this.counts[index] = count + 1;
    }
  }

  /** User indices, in no order; one may be there twice. */
  of(item: number): readonly number[] {
    return this.users[item] ?? nobody;
  }

  /** How often an item was taken up, by whomever: a run of events of one user counts once. */
  count(item: number): number {
    return this.counts[item] ?? 0;
  }
}
