import { KeySet } from "./key-set.ts";

const PARTS = 256;
/** Hashes per piece while gathering. */
const PIECE = 1 << 12;

/** Hashes of one set that aren't in it yet, in pieces. */
interface Gathered {
  pieces: Uint32Array[];
  /** Number of entries in the last piece. */
  filled: number;
}

/**
 * All hashes of a project, split into 256 sets by their high halves, because growing a set blocks other work. 20 million hashes take 256
 * MiB, and doubling one of the sets takes a few milliseconds.
 *
 * While a log is loaded, hashes are gathered first and then added set by set. Each set then fits in the CPU cache while it is filled, which
 * is several times faster.
 */
export class KeyTable {
  readonly #sets: (KeySet | undefined)[] = new Array(PARTS).fill(undefined);
  #gathered: Gathered[] | undefined = Array.from({ length: PARTS }, () => ({ pieces: [], filled: PIECE * 2 }));

  has(low: number, high: number): boolean {
    return this.#sets[high >>> 24]?.has(low, high) ?? false;
  }

  /** Adds the hashes of a segment from row `start` on: alternating low and high halves, 0 for none. */
  add(keys: Uint32Array, start: number): void {
    for (let i = start * 2; i < keys.length; i += 2) {
      if (keys[i] === 0) continue;
      const part = keys[i + 1] >>> 24;
      if (this.#gathered !== undefined) gather(this.#gathered[part], keys[i], keys[i + 1]);
      else {
        this.#sets[part] ??= new KeySet();
        this.#sets[part].add(keys[i], keys[i + 1]);
      }
    }
  }

  /** Adds the gathered hashes. Call once, before the first lookup. */
  loaded(): void {
    this.#gathered?.forEach((gathered, part) => {
      const { pieces, filled } = gathered;
      if (pieces.length === 0) return;
      const set = new KeySet((pieces.length - 1) * PIECE + filled / 2);
      pieces.forEach((piece, i) => {
        const end = i === pieces.length - 1 ? filled : piece.length;
        for (let k = 0; k < end; k += 2) set.add(piece[k], piece[k + 1]);
      });
      gathered.pieces = [];
      this.#sets[part] = set;
    });
    this.#gathered = undefined;
  }
}

function gather(gathered: Gathered, low: number, high: number): void {
  if (gathered.filled === PIECE * 2) {
    gathered.pieces.push(new Uint32Array(PIECE * 2));
    gathered.filled = 0;
  }
  const piece = gathered.pieces[gathered.pieces.length - 1];
  piece[gathered.filled++] = low;
  piece[gathered.filled++] = high;
}
