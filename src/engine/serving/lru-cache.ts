/** What was made from texts lately: at most `limit` entries, the one not asked for longest goes first. */
export class LruCache<V> {
  private readonly limit: number;
  private readonly entries = new Map<string, V>();

  constructor(limit: number) {
    this.limit = limit;
  }

  /** The entry of a text; made, and kept, where there is none. What `make` throws is not kept. */
  get(text: string, make: (text: string) => V): V {
    const kept = this.entries.get(text);
    if (kept !== undefined) {
      this.entries.delete(text);
      this.entries.set(text, kept);
      return kept;
    }
    const made = make(text);
    if (this.entries.size >= this.limit) for (const oldest of this.entries.keys()) if (this.entries.delete(oldest)) break;
    this.entries.set(text, made);
    return made;
  }

  clear(): void {
    this.entries.clear();
  }
}
