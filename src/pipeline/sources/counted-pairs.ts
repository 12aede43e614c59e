/** Slots at first and at most: 17 MB, and 4 MB for each window but the first. */
const FIRST = 2 ** 10;
const MOST = 2 ** 19;
const NOBODY = 0xffffffff;

/**
 * When each pair of user and item was last counted in each of some windows, so that a user counts once per item and window. In bounded
 * memory: beyond half a million pairs, those whose slots collide replace each other.
 */
export class CountedPairs {
  private readonly windows: readonly number[];
  private users = new Uint32Array(FIRST).fill(NOBODY);
  private items = new Uint32Array(FIRST);
  private types = new Uint8Array(FIRST);
  /** By slot and window. */
  private times: Float64Array;
  /** By slot: when events were taken back, and the type that did. */
  private undone = new Float64Array(FIRST);
  private takers = new Uint8Array(FIRST);
  private held = 0;

  /** @param windows lengths in milliseconds */
  constructor(windows: readonly number[]) {
    this.windows = windows;
    this.times = new Float64Array(FIRST * windows.length);
  }

  /** The slot of a pair; an empty one if nothing is known of it. Valid until the next call. */
  slot(user: number, item: number): number {
    if (this.held > this.users.length / 2 && this.users.length < MOST) this.enlarge();
    const slot = this.place(user, item);
    if (this.users[slot] === user && this.items[slot] === item) return slot;
    if (this.users[slot] === NOBODY) this.held++;
    this.users[slot] = user;
    this.items[slot] = item;
    this.times.fill(Number.NEGATIVE_INFINITY, slot * this.windows.length, (slot + 1) * this.windows.length);
    this.undone[slot] = Number.NEGATIVE_INFINITY;
    return slot;
  }

  /** Counts an event in a window, unless one was counted within its length. Returns whether it counts. */
  count(slot: number, window: number, type: number, time: number): boolean {
    const at = slot * this.windows.length + window;
    if (Math.abs(time - this.times[at]) < this.windows[window]) return false;
    if (time > this.times[at]) {
      this.times[at] = time;
      this.types[slot] = type;
    }
    return true;
  }

  /** The type of the pair's newest counted event. */
  typeOf(slot: number): number {
    return this.types[slot];
  }

  /** The type of the newest event after this time that took events of the pair back; undefined if there is none. */
  takerAfter(slot: number, time: number): number | undefined {
    return time < this.undone[slot] ? this.takers[slot] : undefined;
  }

  /** Records that an event took earlier ones of the pair back. */
  taken(slot: number, type: number, time: number): void {
    if (time < this.undone[slot]) return;
    this.undone[slot] = time;
    this.takers[slot] = type;
  }

  /** Takes the newest counted event of a window back, unless it is later than `time`. Returns when it was, or NaN if there was none. */
  undo(slot: number, window: number, time: number): number {
    const at = slot * this.windows.length + window;
    const counted = this.times[at];
    if (!(counted <= time && counted > Number.NEGATIVE_INFINITY)) return Number.NaN;
    this.times[at] = Number.NEGATIVE_INFINITY;
    return counted;
  }

  /** The pair's slot among the next eight, or a free one, or the first. */
  private place(user: number, item: number): number {
    const { users, items } = this;
    const mask = users.length - 1;
    const first = (Math.imul(Math.imul(user, 0x9e3779b1) ^ item, 0x85ebca6b) >>> 9) & mask;
    for (let step = 0; step < 8; step++) {
      const slot = (first + step) & mask;
      if (users[slot] === NOBODY || (users[slot] === user && items[slot] === item)) return slot;
    }
    return first;
  }

  private enlarge(): void {
    const { users, items, types, times, undone, takers } = this;
    const size = 2 * users.length;
    const { length: windows } = this.windows;
    this.users = new Uint32Array(size).fill(NOBODY);
    this.items = new Uint32Array(size);
    this.types = new Uint8Array(size);
    this.times = new Float64Array(size * windows);
    this.undone = new Float64Array(size);
    this.takers = new Uint8Array(size);
    this.held = 0;
    for (let from = 0; from < users.length; from++) {
      if (users[from] === NOBODY) continue;
      const to = this.slot(users[from], items[from]);
      this.types[to] = types[from];
      this.undone[to] = undone[from];
      this.takers[to] = takers[from];
      for (let window = 0; window < windows; window++) this.times[to * windows + window] = times[from * windows + window];
    }
  }
}
