import type { EntityInput } from "../data/entities.ts";
import type { Entity, ProjectStore } from "../store/store.ts";
import { RecoError } from "../util/errors.ts";
import { Entities, type EntityPage, type EntityPatch, type PageQuery } from "./entities.ts";

/** What can be done with the items of a project. Writes of one item happen one after the other; reads see a write once it resolves. */
export interface CatalogVerbs {
  /** @throws RecoError `unknown-item` where nothing was written about it */
  item(id: string): Entity;
  /** Items with properties, in order of their ids. */
  listItems(page?: PageQuery): EntityPage;
  /** Creates or replaces items: all of them, or none. @throws RecoError `bad-input` where a value does not fit the type of its property */
  putItems(items: readonly EntityInput[]): Promise<void>;
  putItem(item: EntityInput): Promise<Entity>;
  /** Changes some of an item. @throws RecoError `unknown-item`, `bad-input` */
  patchItem(id: string, patch: EntityPatch): Promise<Entity>;
  /** Ends recommending an item, and forgets its properties; its events stay. @throws RecoError `unknown-item` */
  deleteItem(id: string): Promise<void>;
}

export function catalogVerbs(store: Pick<ProjectStore, "item" | "listItems" | "putItems" | "deleteItems">): CatalogVerbs {
  const unknown = (id: string) => new RecoError("unknown-item", `Nothing was written about an item ${JSON.stringify(id.slice(0, 64))}.`);
  const items = new Entities(
    (id) => store.item(id),
    (page) => store.listItems(page),
    (entities) => store.putItems(entities),
    unknown,
  );
  return {
    item: (id) => items.get(id),
    listItems: (page = {}) => items.page(page),
    putItems: (entities) => items.putAll(entities),
    putItem: (item) => items.put(item),
    patchItem: (id, patch) => items.patch(id, patch),
    deleteItem: (id) =>
      items.alone(id, async () => {
        if ((await store.deleteItems([id])) === 0) throw unknown(id);
      }),
  };
}
