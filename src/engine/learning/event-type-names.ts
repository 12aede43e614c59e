/** Indices from here on are for types that no stored event has. If a project has too many, the rest share this index. */
const FIRST_FOREIGN = 192;
const LAST = 255;

/**
 * Names of event types by index: types of stored events, and from 255 down, types that requests mention before any event has them. So a
 * session's `dislike` counts as one from the first day.
 */
export class EventTypeNames {
  readonly #stored: () => readonly string[];
  readonly #foreign: string[] = [];
  #names: readonly string[] = [];
  #made = { stored: -1, foreign: -1 };

  /** @param stored the types of stored events; only ever grows */
  constructor(stored: () => readonly string[]) {
    this.#stored = stored;
  }

  /** The index of a name; assigns one if needed. */
  indexOf(name: string): number {
    const known = this.#stored().indexOf(name);
    if (known >= 0) return known;
    let place = this.#foreign.indexOf(name);
    if (place < 0) {
      if (LAST - this.#foreign.length <= FIRST_FOREIGN) return FIRST_FOREIGN;
      place = this.#foreign.push(name) - 1;
    }
    return LAST - place;
  }

  /** By index, with gaps. */
  get all(): readonly string[] {
    const stored = this.#stored();
    if (this.#made.stored !== stored.length || this.#made.foreign !== this.#foreign.length) {
      const names = [...stored];
      for (const [place, name] of this.#foreign.entries()) if (LAST - place >= stored.length) names[LAST - place] = name;
      this.#names = names;
      this.#made = { stored: stored.length, foreign: this.#foreign.length };
    }
    return this.#names;
  }
}
