/** Slots at first and at most (30 MB). */
const FIRST = 2 ** 10;
const MOST = 2 ** 19;
const NOBODY = 0xffffffff;

/** What counts for each pair of user and item, in bounded memory: beyond half a million pairs, those whose slots collide replace each other. */
export class UserCounts {
  private users = new Uint32Array(FIRST).fill(NOBODY);
  private items = new Uint32Array(FIRST);
  private held = 0;
  /** By slot: what counts in favor and against, and the event types behind it with their times. */
  pros = new Float64Array(FIRST);
  cons = new Float64Array(FIRST);
  proTypes = new Uint8Array(FIRST);
  conTypes = new Int16Array(FIRST);
  proTimes = new Float64Array(FIRST);
  conTimes = new Float64Array(FIRST);

  /** The slot of a pair; an empty one if nothing is known of it. `conTypes` is -1 until something was taken back. */
  slot(user: number, item: number): number {
    if (this.held > this.users.length / 2 && this.users.length < MOST) this.enlarge();
    const slot = this.place(user, item);
    if (this.users[slot] === user && this.items[slot] === item) return slot;
    if (this.users[slot] === NOBODY) this.held++;
    this.users[slot] = user;
    this.items[slot] = item;
    this.pros[slot] = this.cons[slot] = 0;
    this.conTypes[slot] = -1;
    this.proTimes[slot] = this.conTimes[slot] = Number.NEGATIVE_INFINITY;
    return slot;
  }

  multiply(factor: number): void {
    for (let slot = 0; slot < this.users.length; slot++) {
      this.pros[slot] *= factor;
      this.cons[slot] *= factor;
    }
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
    const { users, items, pros, cons, proTypes, conTypes, proTimes, conTimes } = this;
    const size = 2 * users.length;
    this.users = new Uint32Array(size).fill(NOBODY);
    this.items = new Uint32Array(size);
    this.pros = new Float64Array(size);
    this.cons = new Float64Array(size);
    this.proTypes = new Uint8Array(size);
    this.conTypes = new Int16Array(size);
    this.proTimes = new Float64Array(size);
    this.conTimes = new Float64Array(size);
    this.held = 0;
    for (let from = 0; from < users.length; from++) {
      if (users[from] === NOBODY) continue;
      const to = this.slot(users[from], items[from]);
      this.pros[to] = pros[from];
      this.cons[to] = cons[from];
      this.proTypes[to] = proTypes[from];
      this.conTypes[to] = conTypes[from];
      this.proTimes[to] = proTimes[from];
      this.conTimes[to] = conTimes[from];
    }
  }
}
