/** Initial and maximum number of entries (16 MB). */
const FIRST = 2 ** 12;
const MOST = 2 ** 20;
/** Entries per set. */
const WAYS = 4;

/**
 * Remembers when each user last had an event with each item, in bounded memory: a set-associative cache. A full set evicts its least
 * recently seen pair.
 */
export class LastTimes {
  private users = new Uint32Array(FIRST);
  private items = new Uint32Array(FIRST);
  private times = new Float64Array(FIRST).fill(Number.NaN);
  private held = 0;

  /** Sets a pair's time and returns the previous one, NaN if there was none. */
  exchange(user: number, item: number, time: number): number {
    if (this.held > this.times.length / 2 && this.times.length < MOST) this.enlarge();
    const at = this.entry(user, item);
    if (this.users[at] === user && this.items[at] === item && !Number.isNaN(this.times[at])) {
      const before = this.times[at];
      if (time > before) this.times[at] = time;
      return before;
    }
    if (Number.isNaN(this.times[at])) this.held++;
    this.users[at] = user;
    this.items[at] = item;
    this.times[at] = time;
    return Number.NaN;
  }

  /** The entry of a pair, or the one it may use. */
  private entry(user: number, item: number): number {
    const hash = Math.imul(Math.imul(user, 0x9e3779b1) ^ item, 0x85ebca6b);
    const set = ((hash ^ (hash >>> 15)) & (this.times.length / WAYS - 1)) * WAYS;
    let oldest = set;
    for (let at = set; at < set + WAYS; at++) {
      if (Number.isNaN(this.times[at])) return at;
      if (this.users[at] === user && this.items[at] === item) return at;
      if (this.times[at] < this.times[oldest]) oldest = at;
    }
    return oldest;
  }

  private enlarge(): void {
    const { users, items, times } = this;
    const size = 2 * times.length;
    this.users = new Uint32Array(size);
    this.items = new Uint32Array(size);
    this.times = new Float64Array(size).fill(Number.NaN);
    this.held = 0;
    for (let at = 0; at < times.length; at++) {
      if (Number.isNaN(times[at])) continue;
      const to = this.entry(users[at], items[at]);
      if (Number.isNaN(this.times[to])) this.held++;
      this.users[to] = users[at];
      this.items[to] = items[at];
      this.times[to] = times[at];
    }
  }
}
