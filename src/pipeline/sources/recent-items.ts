/** Items stored per session, and the initial and maximum number of sessions (4 MB). */
const DEPTH = 5;
const FIRST = 2 ** 10;
const MOST = 2 ** 16;
const NOBODY = 0xffffffff;

/** The last items of currently active users, in bounded memory. Users whose slots collide replace each other. */
export class RecentItems {
  private users = new Uint32Array(FIRST).fill(NOBODY);
  private items = new Uint32Array(FIRST * DEPTH);
  private times = new Float64Array(FIRST * DEPTH);
  private lengths = new Uint8Array(FIRST);
  private held = 0;
  /** The result of `visit`: the session's other items, newest first. */
  readonly found = new Uint32Array(DEPTH);

  /**
   * Writes the other items of the user's session to `found` and stores the item. A session is everything within `gap` milliseconds of
   * `time`.
   *
   * @returns the number found; -1 if the session already has the item
   */
  visit(user: number, item: number, time: number, gap: number): number {
    const place = this.place(user);
    const at = place * DEPTH;
    const { items, times, lengths, found } = this;
    const length = lengths[place];
    let count = 0;
    let same = length;
    let again = false;
    for (let i = 0; i < length; i++) {
      const near = Math.abs(time - times[at + i]) <= gap;
      if (items[at + i] === item) {
        same = i;
        again = near;
      } else if (near) found[count++] = items[at + i];
    }
    // Move the item to the front.
    for (let i = Math.min(same, DEPTH - 1); i > 0; i--) {
      items[at + i] = items[at + i - 1];
      times[at + i] = times[at + i - 1];
    }
    items[at] = item;
    times[at] = time;
    lengths[place] = Math.min(DEPTH, Math.max(length, same + 1));
    return again ? -1 : count;
  }

  /**
   * Forgets an item of the user's session around `time`, and writes the others to `found`.
   *
   * @returns the number found
   */
  leave(user: number, item: number, time: number, gap: number): number {
    const place = this.place(user);
    const at = place * DEPTH;
    const { items, times, lengths, found } = this;
    let count = 0;
    let left = 0;
    for (let i = 0; i < lengths[place]; i++) {
      if (items[at + i] === item && Math.abs(time - times[at + i]) <= gap) continue;
      if (Math.abs(time - times[at + i]) <= gap) found[count++] = items[at + i];
      items[at + left] = items[at + i];
      times[at + left++] = times[at + i];
    }
    lengths[place] = left;
    return count;
  }

  private place(user: number): number {
    if (this.held > this.users.length / 2 && this.users.length < MOST) this.enlarge();
    const place = (Math.imul(user, 0x9e3779b1) >>> 8) & (this.users.length - 1);
    if (this.users[place] !== user) {
      if (this.users[place] === NOBODY) this.held++;
      this.users[place] = user;
      this.lengths[place] = 0;
    }
    return place;
  }

  private enlarge(): void {
    const { users, items, times, lengths } = this;
    const size = 2 * users.length;
    this.users = new Uint32Array(size).fill(NOBODY);
    this.items = new Uint32Array(size * DEPTH);
    this.times = new Float64Array(size * DEPTH);
    this.lengths = new Uint8Array(size);
    this.held = 0;
    users.forEach((user, from) => {
      if (user === NOBODY) return;
      const to = this.place(user);
      this.lengths[to] = lengths[from];
      this.items.set(items.subarray(from * DEPTH, (from + 1) * DEPTH), to * DEPTH);
      this.times.set(times.subarray(from * DEPTH, (from + 1) * DEPTH), to * DEPTH);
    });
  }
}
