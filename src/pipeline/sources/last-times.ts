/** Initial and maximum number of entries (44 MB). */
const FIRST = 2 ** 12;
const MOST = 2 ** 20;
/** Entries per set. */
const WAYS = 4;

/**
 * Remembers when each user had events with each item, in bounded memory: a set-associative cache. A full set evicts its least recently
 * seen pair. Events may arrive in any order.
 */
export class LastTimes {
  private users = new Uint32Array(FIRST);
  private items = new Uint32Array(FIRST);
  /** Time of the newest event, of the oldest and of the last to arrive; NaN if there is none. */
  private times = new Float64Array(FIRST).fill(Number.NaN);
  private oldest = new Float64Array(FIRST);
  private arrived = new Float64Array(FIRST);
  /** Events up to this time were taken back. */
  private undone = new Float64Array(FIRST);
  /** The interval before the newest event; NaN if it is unknown. */
  private intervals = new Float32Array(FIRST);
  private held = 0;

  /** Adds an event of a pair. Returns the time between it and the one next to it; NaN if it is the first, 0 if it was taken back. */
  add(user: number, item: number, time: number): number {
    const at = this.find(user, item);
    if (time <= this.undone[at]) return 0;
    const newest = this.times[at];
    if (!(newest > Number.NEGATIVE_INFINITY)) {
      this.times[at] = this.oldest[at] = this.arrived[at] = time;
      return Number.NaN;
    }
    const interval = time > newest ? time - newest : time < this.oldest[at] ? this.oldest[at] - time : Math.abs(time - this.arrived[at]);
    if (time > newest) {
      this.times[at] = time;
      this.intervals[at] = interval;
    } else if (time < this.oldest[at]) {
      if (newest === this.oldest[at]) this.intervals[at] = interval;
      this.oldest[at] = time;
    }
    this.arrived[at] = time;
    return interval;
  }

  /**
   * Takes back a pair's newest event, if it isn't later than `time`; earlier ones that arrive later are taken back too. Returns the
   * interval before the event, NaN if it was the only one, and undefined if there was none.
   */
  undo(user: number, item: number, time: number): number | undefined {
    const at = this.find(user, item);
    if (time > this.undone[at]) this.undone[at] = time;
    const newest = this.times[at];
    if (!(newest > Number.NEGATIVE_INFINITY) || newest > time) return undefined;
    const interval = this.intervals[at];
    this.times[at] = Number.isNaN(interval) ? Number.NEGATIVE_INFINITY : newest - interval;
    this.arrived[at] = this.times[at];
    this.intervals[at] = Number.NaN;
    return interval;
  }

  /** The entry of a pair, made if there is none. */
  private find(user: number, item: number): number {
    if (this.held > this.times.length / 2 && this.times.length < MOST) this.enlarge();
    const at = this.entry(user, item);
    const there = !Number.isNaN(this.times[at]);
    if (there && this.users[at] === user && this.items[at] === item) return at;
    if (!there) this.held++;
    this.users[at] = user;
    this.items[at] = item;
    this.times[at] = this.undone[at] = Number.NEGATIVE_INFINITY;
    this.intervals[at] = Number.NaN;
    return at;
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
    const { users, items, times, oldest, arrived, undone, intervals } = this;
    const size = 2 * times.length;
    this.users = new Uint32Array(size);
    this.items = new Uint32Array(size);
    this.times = new Float64Array(size).fill(Number.NaN);
    this.oldest = new Float64Array(size);
    this.arrived = new Float64Array(size);
    this.undone = new Float64Array(size);
    this.intervals = new Float32Array(size);
    this.held = 0;
    for (let at = 0; at < times.length; at++) {
      if (Number.isNaN(times[at])) continue;
      const to = this.find(users[at], items[at]);
      this.times[to] = times[at];
      this.oldest[to] = oldest[at];
      this.arrived[to] = arrived[at];
      this.undone[to] = undone[at];
      this.intervals[to] = intervals[at];
    }
  }
}
