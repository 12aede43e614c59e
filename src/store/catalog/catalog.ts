import type { PropertyType } from "../../data/entities.ts";
import type { EventColumns } from "../../data/event-columns.ts";
import type { FeatureTable } from "../../data/features.ts";
import type { Catalog, Entity } from "../store.ts";
import { createColumn, type GrowingColumn, longer } from "./catalog-columns.ts";
import type { Schema } from "./schema.ts";

/** The items of a project as in-memory columns, updated with every change. */
export class CatalogIndex implements Catalog {
  readonly #entityAt: (index: number) => Entity | undefined;
  readonly #columns = new Map<string, GrowingColumn>();
  #rules: Schema = {};
  #table: FeatureTable | undefined;
  #size = 0;
  #room = 0;
  #version = 0;
  #firstSeen = new Float64Array(0);
  /** 1 for hidden and deleted items. */
  #withheld = new Uint8Array(0);
  /** When items expire; NaN for never. */
  #expires = new Float64Array(0);
  #available = { flags: new Uint8Array(0), version: -1, from: 0, until: 0 };

  /** @param entityAt returns the entity of an item, for rebuilding columns */
  constructor(entityAt: (index: number) => Entity | undefined) {
    this.#entityAt = entityAt;
  }

  get size(): number {
    return this.#size;
  }

  get version(): number {
    return this.#version;
  }

  get firstSeen(): Float64Array {
    return this.#firstSeen;
  }

  get columns(): FeatureTable {
    this.#table ??= Object.fromEntries([...this.#columns].map(([name, column]) => [name, column.column()]));
    return this.#table;
  }

  get schema(): Readonly<Record<string, PropertyType>> {
    return Object.fromEntries(Object.entries(this.#rules).map(([name, { type }]) => [name, type]));
  }

  available(now: number): Uint8Array {
    const last = this.#available;
    if (last.version === this.#version && now >= last.from && now < last.until) return last.flags;
    const flags = new Uint8Array(this.#size);
    let until = Number.POSITIVE_INFINITY;
    for (let i = 0; i < flags.length; i++) {
      const expires = this.#expires[i];
      if (expires > now && expires < until) until = expires;
      flags[i] = this.#withheld[i] === 1 || expires <= now ? 0 : 1;
    }
    this.#available = { flags, version: this.#version, from: now, until };
    return flags;
  }

  /** Makes room for `size` items. */
  grow(size: number): void {
    if (size <= this.#size) return;
    this.#size = size;
    this.#version++;
    if (size <= this.#room) return;
    this.#room = Math.max(size, this.#room * 2, 64);
    this.#firstSeen = longer(this.#firstSeen, this.#room, Number.NaN);
    this.#withheld = longer(this.#withheld, this.#room, 0);
    this.#expires = longer(this.#expires, this.#room, Number.NaN);
    for (const column of this.#columns.values()) column.reserve(this.#room);
    this.#table = undefined;
  }

  /** Records when items were first seen, from row `start` on. */
  see({ item, time, length }: Pick<EventColumns, "item" | "time" | "length">, start = 0): void {
    const firstSeen = this.#firstSeen;
    let earlier = false;
    for (let i = start; i < length; i++) {
      if (time[i] >= firstSeen[item[i]]) continue;
      firstSeen[item[i]] = time[i];
      earlier = true;
    }
    if (earlier) this.#version++;
  }

  /** Sets the properties of an item; undefined if it was deleted. @param created when it was first written, if ever */
  put(index: number, entity: Entity | undefined, created = Number.NaN): void {
    for (const [name, column] of this.#columns) column.put(index, entity?.properties[name]);
    this.#withheld[index] = entity === undefined || entity.hidden ? 1 : 0;
    this.#expires[index] = entity?.expires ?? Number.NaN;
    if (!Number.isNaN(created) && !(this.#firstSeen[index] <= created)) this.#firstSeen[index] = created;
    this.#changed();
  }

  /** Rebuilds the columns whose types changed. */
  setSchema(rules: Schema): void {
    for (const [name, rule] of Object.entries(rules)) {
      const before = this.#rules[name];
      if (before !== undefined && before.type === rule.type && before.dimensions === rule.dimensions) continue;
      const column = createColumn(rule);
      column.reserve(this.#room);
      for (let i = 0; i < this.#size; i++) {
        const value = this.#entityAt(i)?.properties[name];
        if (value !== undefined) column.put(i, value);
      }
      this.#columns.set(name, column);
    }
    this.#rules = rules;
    this.#changed();
  }

  #changed(): void {
    this.#version++;
    this.#table = undefined;
  }
}
