/** Slots at first and at most: 21 MB, and 4 MB for each window but the first. */
const FIRST = 2 ** 10;
const MOST = 2 ** 19;
const NOBODY = 0xffffffff;
/** The columns of a slot's row: what is read together lies together, since most of the cost is waiting for memory. */
const USER = 0;
const ITEM = 1;
const TYPE = 2;
const TAKER = 3;
const ROW = 4;

/**
 * When each pair of user and item was last counted in each of some windows, so that a user counts once per item and window. In bounded
 * memory: beyond half a million pairs, those whose slots collide replace each other.
 */
export class CountedPairs {
  private readonly windows: readonly number[];
  private slots = FIRST;
  /** By slot: the user, the item, and the types of the newest counted event and of the newest that took some back. */
  private rows = new Uint32Array(ROW * FIRST).fill(NOBODY);
  /** By slot: when events were taken back, then when one was last counted in each window. */
  private times: Float64Array;
  private held = 0;

  /** @param windows lengths in milliseconds */
  constructor(windows: readonly number[]) {
    this.windows = windows;
    this.times = new Float64Array(FIRST * (1 + windows.length));
  }

  /** The slot of a pair; an empty one if nothing is known of it. Valid until the next call. */
  slot(user: number, item: number): number {
    if (this.held > this.slots / 2 && this.slots < MOST) this.enlarge();
    const slot = this.place(user, item);
    const { rows } = this;
    const row = ROW * slot;
    if (rows[row + USER] === user && rows[row + ITEM] === item) return slot;
    if (rows[row + USER] === NOBODY) this.held++;
    rows[row + USER] = user;
    rows[row + ITEM] = item;
    const width = 1 + this.windows.length;
    for (let at = slot * width; at < (slot + 1) * width; at++) this.times[at] = Number.NEGATIVE_INFINITY;
    return slot;
  }

  /** Counts an event in a window, unless one was counted within its length. Returns whether it counts. */
  count(slot: number, window: number, type: number, time: number): boolean {
    const at = slot * (1 + this.windows.length) + 1 + window;
    const last = this.times[at];
    if (Math.abs(time - last) < this.windows[window]) return false;
    if (time > last) {
      this.times[at] = time;
      this.rows[ROW * slot + TYPE] = type;
    }
    return true;
  }

  /** The type of the pair's newest counted event. */
  typeOf(slot: number): number {
    return this.rows[ROW * slot + TYPE];
  }

  /** The type of the newest event after this time that took events of the pair back; undefined if there is none. */
  takerAfter(slot: number, time: number): number | undefined {
    return time < this.times[slot * (1 + this.windows.length)] ? this.rows[ROW * slot + TAKER] : undefined;
  }

  /** Records that an event took earlier ones of the pair back. */
  taken(slot: number, type: number, time: number): void {
    const at = slot * (1 + this.windows.length);
    if (time < this.times[at]) return;
    this.times[at] = time;
    this.rows[ROW * slot + TAKER] = type;
  }

  /** Takes the newest counted event of a window back, unless it is later than `time`. Returns when it was, or NaN if there was none. */
  undo(slot: number, window: number, time: number): number {
    const at = slot * (1 + this.windows.length) + 1 + window;
    const counted = this.times[at];
    if (!(counted <= time && counted > Number.NEGATIVE_INFINITY)) return Number.NaN;
    this.times[at] = Number.NEGATIVE_INFINITY;
    return counted;
  }

  /** The pair's slot among the next eight, or a free one, or the first. */
  private place(user: number, item: number): number {
    const { rows } = this;
    const mask = this.slots - 1;
    const first = (Math.imul(Math.imul(user, 0x9e3779b1) ^ item, 0x85ebca6b) >>> 9) & mask;
    for (let step = 0; step < 8; step++) {
      const slot = (first + step) & mask;
      const known = rows[ROW * slot + USER];
      if (known === NOBODY || (known === user && rows[ROW * slot + ITEM] === item)) return slot;
    }
    return first;
  }

  private enlarge(): void {
    const { rows, times, slots } = this;
    const width = 1 + this.windows.length;
    this.slots = 2 * slots;
    this.rows = new Uint32Array(ROW * this.slots).fill(NOBODY);
    this.times = new Float64Array(this.slots * width);
    this.held = 0;
    for (let from = 0; from < slots; from++) {
      if (rows[ROW * from + USER] === NOBODY) continue;
      const to = this.slot(rows[ROW * from + USER], rows[ROW * from + ITEM]);
      for (let column = 0; column < ROW; column++) this.rows[ROW * to + column] = rows[ROW * from + column];
      for (let column = 0; column < width; column++) this.times[to * width + column] = times[from * width + column];
    }
  }
}
