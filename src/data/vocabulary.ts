import { RecoError } from "../util/errors.ts";
import { didYouMean } from "../util/nearest-names.ts";

/** An external id of a user or an item. Numbers and strings are distinct: `1` and `"1"` are two ids. */
export type Id = string | number;

/**
 * The two-way map between external ids and the integer indices 0 … size-1 used internally. Immutable; {@link extend} returns a longer one
 * that starts with the same indices.
 *
 * @example
 * ```ts
 * import { Vocabulary } from "recobase";
 * const items = new Vocabulary("item", ["m1", "m7"]);
 * items.indexOf("m7"); // 1
 * items.id(0); // "m1"
 * ```
 */
export class Vocabulary {
  /** What the ids identify, for messages. */
  readonly kind: "user" | "item";
  /** Index to external id. */
  readonly ids: readonly Id[];
  // Built at the first lookup, so that data that is only counted or split never pays for it.
  private index: Map<Id, number> | undefined;

  /** @throws RecoError `bad-input` (at the first lookup) if an id occurs twice. */
  constructor(kind: "user" | "item", ids: readonly Id[]) {
    this.kind = kind;
    this.ids = ids;
  }

  get size(): number {
    return this.ids.length;
  }

  /** The external id at an index in [0, size). */
  id(index: number): Id {
    return this.ids[index];
  }

  /**
   * The index of an id, or -1. An unknown id is tried in its other form (`"42"` for 42), so that ids from a command line or a URL find their
   * number.
   */
  indexOf(id: Id): number {
    const index = this.lookup();
    const found = index.get(id);
    if (found !== undefined) return found;
    if (typeof id === "number") return index.get(String(id)) ?? -1;
    const number = Number(id);
    return String(number) === id ? (index.get(number) ?? -1) : -1;
  }

  /** The index of an id. @throws RecoError `unknown-user` or `unknown-item`, with similar ids. */
  require(id: Id): number {
    const found = this.indexOf(id);
    if (found >= 0) return found;
    const near = this.size <= 200_000 ? didYouMean(String(id), this.ids.map(String)) : "";
    throw new RecoError(
      `unknown-${this.kind}`,
      `No ${this.kind} ${JSON.stringify(id)} among the ${this.size.toLocaleString("en")} known.${near}`,
    );
  }

  /** This vocabulary, followed by the ids that are new, in their order. */
  extend(ids: Iterable<Id>): Vocabulary {
    const known = new Set(this.lookup().keys());
    const all = [...this.ids];
    for (const id of ids) {
      if (known.has(id)) continue;
      known.add(id);
      all.push(id);
    }
    return all.length === this.size ? this : new Vocabulary(this.kind, all);
  }

  private lookup(): Map<Id, number> {
    if (this.index) return this.index;
    const index = new Map<Id, number>();
    for (let i = 0; i < this.ids.length; i++) index.set(this.ids[i], i);
    if (index.size !== this.ids.length) throw new RecoError("bad-input", `The ${this.kind} vocabulary has duplicate ids.`);
    this.index = index;
    return index;
  }
}
