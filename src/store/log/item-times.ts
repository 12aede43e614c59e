import type { ItemTypeTimes } from "../../data/event-columns.ts";

const FREE = 0xffffffff;
/** Share of the slots in use before there are more, and how many more there are then. */
const FULL = 0.75;
const GROWTH = 1.5;

/**
 * When a user last had an event of each type with each item: a hash table, for events that are not kept. A slot is 16 bytes in
 * one place (item, type, time), since most of an addition's cost is waiting for memory.
 */
export class ItemTimes {
  #length = 0;
  #slots: number;
  #ids: Uint32Array;
  #times: Float64Array;

  constructor(room = 32) {
    this.#slots = Math.ceil(room / FULL) + 1;
    this.#times = new Float64Array(2 * this.#slots);
    this.#ids = new Uint32Array(this.#times.buffer).fill(FREE);
  }

  get length(): number {
    return this.#length;
  }

  add(item: number, type: number, time: number): void {
    const ids = this.#ids;
    const end = 4 * this.#slots;
    let hash = Math.imul(item ^ Math.imul(type + 1, 0x85ebca6b), 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let at = 4 * Math.floor(((hash >>> 0) * this.#slots) / 2 ** 32);
    while (ids[at] !== FREE && (ids[at] !== item || ids[at + 1] !== type)) at = at + 4 === end ? 0 : at + 4;
    const place = (at >>> 1) + 1;
    if (ids[at] !== FREE) {
      if (time > this.#times[place]) this.#times[place] = time;
      return;
    }
    ids[at] = item;
    ids[at + 1] = type;
    this.#times[place] = time;
    if (++this.#length > this.#slots * FULL) this.#refill(this.#length * GROWTH, Number.NEGATIVE_INFINITY);
  }

  /** In no particular order. */
  read(): ItemTypeTimes {
    const length = this.#length;
    const [item, type, time] = [new Uint32Array(length), new Uint8Array(length), new Float64Array(length)];
    let at = 0;
    for (let slot = 0; slot < this.#slots; slot++) {
      if (this.#ids[4 * slot] === FREE) continue;
      item[at] = this.#ids[4 * slot];
      type[at] = this.#ids[4 * slot + 1];
      time[at++] = this.#times[2 * slot + 1];
    }
    return { length, item, type, time };
  }

  /** Drops those that were last before a time. Returns how many are left. */
  dropBefore(time: number): number {
    if (time === Number.NEGATIVE_INFINITY) return this.#length;
    const { length, time: times } = this.read();
    if (times.some((last) => last < time)) this.#refill(length, time);
    return this.#length;
  }

  #refill(room: number, from: number): void {
    const filled = new ItemTimes(room);
    for (let slot = 0; slot < this.#slots; slot++)
      if (this.#ids[4 * slot] !== FREE && this.#times[2 * slot + 1] >= from)
        filled.add(this.#ids[4 * slot], this.#ids[4 * slot + 1], this.#times[2 * slot + 1]);
    this.#length = filled.#length;
    this.#slots = filled.#slots;
    this.#ids = filled.#ids;
    this.#times = filled.#times;
  }
}
