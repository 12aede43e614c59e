import type { EventColumns } from "../../data/event-columns.ts";
import type { EventWeights } from "../../pipeline/event-weights.ts";

/** Users kept per item, the newest. */
const most = 256;
const nobody: readonly number[] = [];

/**
 * The users who recently did something in favor of each item: an inverted index that observes every event. It keeps the newest 256 users
 * per item, so its memory grows with the number of items, not events.
 */
export class ItemAudiences {
  private readonly weights: Pick<EventWeights, "of">;
  private readonly users: (number[] | undefined)[] = [];
  /** When the users of an item were added, in the same places. */
  private readonly times: number[][] = [];
  private readonly counts: number[] = [];

  constructor(weights: Pick<EventWeights, "of">) {
    this.weights = weights;
  }

  observe({ length, user, item, type, value, time }: EventColumns): void {
    for (let e = 0; e < length; e++) {
      if (!(this.weights.of(type[e], value[e]) > 0)) continue;
      const index = item[e];
      const row = this.users[index];
      if (row === undefined) {
        this.users[index] = [user[e]];
        this.times[index] = [time[e]];
        this.counts[index] = 1;
        continue;
      }
      const count = this.counts[index];
      // A user's events on one item come in runs: view, cart, purchase.
      if (row[(count - 1) % most] === user[e]) continue;
      // Old events that come late don't replace newer ones.
      const place = count % most;
      if (time[e] < this.times[index][place]) continue;
      row[place] = user[e];
      this.times[index][place] = time[e];
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
