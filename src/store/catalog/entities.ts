import type { EntityInput, EntityKind, PropertyType, PropertyValue } from "../../data/entities.ts";
import { millisecondsOf } from "../../data/moment-text.ts";
import type { ProjectDraft } from "../project-draft.ts";
import type { Entity } from "../store.ts";
import { declareTypes, extendSchema, type Schema } from "./schema.ts";
import { SortedMap } from "./sorted-map.ts";

/** The document kind of schemas. The keys are `item` and `user`. */
export const SCHEMA = ".schema";

/** The body of an entity's document. The document key is the index, so a user's id is stored in only one place: a header of the log. */
interface EntityRecord {
  readonly properties: Readonly<Record<string, PropertyValue>>;
  readonly hidden: boolean;
  readonly expires?: number;
  readonly created: number;
  readonly updated: number;
  readonly deleted?: true;
}

/** Items or users with properties, in memory, by index and by id. */
export class EntityTable {
  readonly kind: EntityKind;
  readonly #records: (EntityRecord | undefined)[] = [];
  /** If an id is deleted and comes back, it gets a new index. */
  readonly #entities = new SortedMap<{ readonly index: number; readonly entity: Entity }>();

  constructor(kind: EntityKind) {
    this.kind = kind;
  }

  get size(): number {
    return this.#entities.size;
  }

  get(id: string): Entity | undefined {
    return this.#entities.get(id)?.entity;
  }

  page(after: string | undefined, limit: number): Entity[] {
    return this.#entities.page(after, limit).map(({ value }) => value.entity);
  }

  *entities(): Iterable<Entity> {
    for (const { entity } of this.#entities.values()) yield entity;
  }

  /** The document body for an index, even if the item was deleted. */
  record(index: number): EntityRecord | undefined {
    return this.#records[index];
  }

  /** Applies a document. @returns the entity; undefined if it was deleted */
  apply(index: number, id: string | undefined, record: EntityRecord | undefined): Entity | undefined {
    this.#records[index] = record;
    if (id === undefined) return undefined;
    if (record === undefined || record.deleted) {
      if (this.#entities.get(id)?.index === index) this.#entities.delete(id);
      return undefined;
    }
    const entity: Entity = { id, ...record };
    this.#entities.set(id, { index, entity });
    return entity;
  }
}

/** Writes all entities to a draft, or none. @throws RecoError `bad-input` */
export function draftEntities(draft: ProjectDraft, kind: EntityKind, inputs: readonly EntityInput[], now: number): void {
  const before = (draft.get(SCHEMA, kind) ?? {}) as Schema;
  let schema = before;
  for (const { id, properties = {} } of inputs) schema = extendSchema(schema, properties, whose(kind, id));
  if (schema !== before) draft.put(SCHEMA, kind, JSON.stringify(schema));
  for (const { id, properties = {}, hidden, expires } of inputs) {
    const key = String(kind === "item" ? draft.events.item(id) : draft.events.user(id));
    const there = draft.get(kind, key) as EntityRecord | undefined;
    const given = Object.entries(properties).filter(([, value]) => value !== null);
    const record: EntityRecord = {
      properties: Object.fromEntries(given),
      hidden: hidden ?? false,
      ...(expires === undefined ? {} : { expires: millisecondsOf(expires) }),
      created: there?.created ?? now,
      updated: now,
    };
    draft.put(kind, key, JSON.stringify(record));
  }
}

/** Marks items as deleted in a draft. @returns the number that existed */
export function draftDeletion(draft: ProjectDraft, ids: readonly string[], now: number): number {
  let count = 0;
  for (const id of new Set(ids)) {
    if (!draft.events.hasItem(id)) continue;
    const key = String(draft.events.item(id));
    const there = draft.get("item", key) as EntityRecord | undefined;
    if (there?.deleted) continue;
    const record: EntityRecord = { properties: {}, hidden: false, created: there?.created ?? now, updated: now, deleted: true };
    draft.put("item", key, JSON.stringify(record));
    count++;
  }
  return count;
}

/** Declares all property types in a draft, or none. @throws RecoError `bad-input`, `conflict` */
export function draftSchemas(
  draft: ProjectDraft,
  declarations: readonly (readonly [EntityTable, Readonly<Record<string, PropertyType>>])[],
): void {
  const texts = declarations.map(([table, declared]) => {
    const before = draft.get(SCHEMA, table.kind) ?? {};
    const after = declareTypes(before as Schema, declared, function* (property) {
      for (const { id, properties } of table.entities())
        if (Object.hasOwn(properties, property)) yield [whose(table.kind, id), properties[property]];
    });
    return [table.kind, JSON.stringify(before), JSON.stringify(after)] as const;
  });
  for (const [kind, before, after] of texts) if (after !== before) draft.put(SCHEMA, kind, after);
}

function whose(kind: EntityKind, id: string): string {
  return `${kind} ${JSON.stringify(id)}`;
}
