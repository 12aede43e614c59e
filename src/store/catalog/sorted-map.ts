/** A map with string keys that can be paged through in key order (by UTF-16 units). */
export class SortedMap<V> {
  readonly #values = new Map<string, V>();
  #sorted: string[] = [];
  /** Keys not yet in `#sorted`. They are merged in when the order is needed. */
  #added = new Set<string>();

  get size(): number {
    return this.#values.size;
  }

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: V): void {
    if (!this.#values.has(key)) this.#added.add(key);
    this.#values.set(key, value);
  }

  delete(key: string): boolean {
    if (!this.#values.delete(key)) return false;
    if (!this.#added.delete(key)) this.#sorted.splice(firstFrom(this.#sorted, key), 1);
    return true;
  }

  /** In no particular order. */
  values(): Iterable<V> {
    return this.#values.values();
  }

  /** At most `limit` entries with keys after `after`. */
  page(after: string | undefined, limit: number): { key: string; value: V }[] {
    this.#sort();
    let place = after === undefined ? 0 : firstFrom(this.#sorted, after);
    if (this.#sorted[place] === after) place++;
    return this.#sorted.slice(place, place + limit).map((key) => ({ key, value: this.#values.get(key) as V }));
  }

  #sort(): void {
    if (this.#added.size === 0) return;
    const added = [...this.#added].sort();
    const sorted: string[] = [];
    let next = 0;
    for (const key of this.#sorted) {
      while (next < added.length && added[next] < key) sorted.push(added[next++]);
      sorted.push(key);
    }
    while (next < added.length) sorted.push(added[next++]);
    this.#sorted = sorted;
    this.#added = new Set();
  }
}

/** The position of the first key at or after `key`. */
function firstFrom(sorted: readonly string[], key: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
