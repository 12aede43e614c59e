import type { EntityInput } from "../data/entities.ts";
import type { Entity, ProjectStore } from "../store/store.ts";
import { RecoError } from "../util/errors.ts";
import { type Declarations, propertyNames } from "./declarations.ts";
import { Entities, type EntityPage, type EntityPatch, type PageQuery } from "./entities.ts";

/** Reads and writes the items of a project. Writes to one item are serialized. Reads see a write once it resolves. */
export interface CatalogVerbs {
  /** @throws RecoError `unknown-item` if no properties are stored for it */
  item(id: string): Entity;
  /** Items with properties, sorted by id. */
  listItems(page?: PageQuery): EntityPage;
  /**
   * Creates or replaces items, all or none.
   *
   * @returns warnings of properties that look misspelled, if there are any
   * @throws RecoError `bad-input` if a value doesn't match the type of its property, or for an undeclared property if the project is strict
   */
  putItems(items: readonly EntityInput[]): Promise<Written>;
  putItem(item: EntityInput): Promise<Entity>;
  /** Updates parts of an item. @throws RecoError `unknown-item`, `bad-input` */
  patchItem(id: string, patch: EntityPatch): Promise<Entity>;
  /** Stops recommending an item and deletes its properties. Its events stay. @throws RecoError `unknown-item` */
  deleteItem(id: string): Promise<void>;
}

/** What an answer says about entities written. */
export interface Written {
  readonly warnings?: readonly string[];
}

export function catalogVerbs(
  store: Pick<ProjectStore, "item" | "listItems" | "putItems" | "deleteItems">,
  declarations: Declarations,
): CatalogVerbs {
  const unknown = (id: string) =>
    new RecoError("unknown-item", `No properties are stored for the item ${JSON.stringify(id.slice(0, 64))}.`);
  const items = new Entities(
    (id) => store.item(id),
    (page) => store.listItems(page),
    async (entities) => {
      declarations.check("item", entities);
      await store.putItems(entities);
    },
    unknown,
  );
  return {
    item: (id) => items.get(id),
    listItems: (page = {}) => items.page(page),
    async putItems(entities) {
      await items.putAll(entities);
      const warnings = declarations.warnings("item", propertyNames(entities));
      return { ...(warnings && { warnings }) };
    },
    putItem: (item) => items.put(item),
    patchItem: (id, patch) => items.patch(id, patch),
    deleteItem: (id) =>
      items.alone(id, async () => {
        if ((await store.deleteItems([id])) === 0) throw unknown(id);
      }),
  };
}
