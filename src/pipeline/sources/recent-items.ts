/** Items remembered of each session, and sessions at the start and at most: 3 MB. */
const DEPTH = 6;
const FIRST = 2 ** 10;
const MOST = 2 ** 16;
const NOBODY = 0xffffffff;

/**
 * The last items of users who are active now, in bounded memory: who has the place of another takes it over.
 */
export class RecentItems {
  private users = new Uint32Array(FIRST).fill(NOBODY);
  private items = new Uint32Array(FIRST * DEPTH);
  private times = new Float64Array(FIRST * DEPTH);
  private lengths = new Uint8Array(FIRST);
  private held = 0;
  /** What `visit` found: other items, newest first. */
  readonly found = new Uint32Array(DEPTH);

  /**
   * Writes to `found` the items of a user within `gap` milliseconds of a time, the item itself not among them, and remembers the item.
   *
   * @returns how many were found
   */
  visit(user: number, item: number, time: number, gap: number): number {
    const place = this.place(user);
    const at = place * DEPTH;
    const { items, times, lengths, found } = this;
    const length = lengths[place];
    let count = 0;
    let same = length;
    for (let i = 0; i < length; i++) {
      if (items[at + i] === item) same = i;
      else if (Math.abs(time - times[at + i]) <= gap) found[count++] = items[at + i];
    }
    // The item comes to the front; what was before it moves back by one.
    for (let i = Math.min(same, DEPTH - 1); i > 0; i--) {
      items[at + i] = items[at + i - 1];
      times[at + i] = times[at + i - 1];
    }
    items[at] = item;
    times[at] = time;
    lengths[place] = Math.min(DEPTH, Math.max(length, same + 1));
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
