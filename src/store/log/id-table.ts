import type { Ids } from "../store.ts";

/** A Map holds at most 2^24 entries, so start a new one before that. */
const MAP_LIMIT = 1 << 23;

/** A growing table of ids in order of first appearance. Ids can be erased; their indices aren't reused. */
export class IdTable implements Ids {
  readonly #ids: (string | undefined)[] = [];
  readonly #maps: Map<string, number>[] = [new Map()];

  get size(): number {
    return this.#ids.length;
  }

  /** Number of ids that aren't erased. */
  get live(): number {
    return this.#maps.reduce((sum, map) => sum + map.size, 0);
  }

  id(index: number): string | undefined {
    return this.#ids[index];
  }

  indexOf(id: string): number {
    for (const map of this.#maps) {
      const index = map.get(id);
      if (index !== undefined) return index;
    }
    return -1;
  }

  /** Assigns the next index to a new id, or skips it for null. */
  add(id: string | null): void {
    const index = this.#ids.length;
    if (id === null) {
      this.#ids.push(undefined);
      return;
    }
    let map = this.#maps[this.#maps.length - 1];
    if (map.size >= MAP_LIMIT) {
      map = new Map();
      this.#maps.push(map);
    }
    map.set(id, index);
    this.#ids.push(id);
  }

  /** Erases the id at an index. */
  erase(index: number): void {
    const id = this.#ids[index];
    if (id === undefined) return;
    this.#ids[index] = undefined;
    for (const map of this.#maps) if (map.get(id) === index) map.delete(id);
  }
}
