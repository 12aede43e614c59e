import type { EntityInput } from "../data/entities.ts";
import type { Entity, ProjectStore } from "../store/store.ts";
import { RecoError } from "../util/errors.ts";
import { Entities, type EntityPage, type EntityPatch, type PageQuery } from "./entities.ts";

/** An event of a user, with ids and type names. */
export interface PastEvent {
  readonly item: string;
  readonly type: string;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** Reads and writes the users of a project. Writes to one user are serialized. Reads see a write once it resolves. */
export interface UserVerbs {
  /** @throws RecoError `unknown-user` if no properties are stored for them */
  user(id: string): Entity;
  /** Users with properties, sorted by id. */
  listUsers(page?: PageQuery): EntityPage;
  /** Creates or replaces users, all or none. @throws RecoError `bad-input` if a value doesn't match the type of its property */
  putUsers(users: readonly EntityInput[]): Promise<void>;
  putUser(user: EntityInput): Promise<Entity>;
  /** Updates some of a user's properties. @throws RecoError `unknown-user`, `bad-input` */
  patchUser(id: string, patch: Pick<EntityPatch, "properties">): Promise<Entity>;
  /** Deletes everything stored about a user. @returns the number of events removed */
  deleteUser(id: string): Promise<number>;
  /** Everything stored about a user. @throws RecoError `unknown-user` if there is nothing */
  exportUser(id: string): ReturnType<ProjectStore["exportUser"]>;
  /** The newest events of a user, newest first; empty for unknown users. */
  recentEvents(user: string, limit?: number): readonly PastEvent[];
}

type UserStore = Pick<ProjectStore, "user" | "listUsers" | "putUsers" | "deleteUser" | "exportUser" | "recent" | "items" | "eventTypes">;

export function userVerbs(store: UserStore): UserVerbs {
  const unknown = (id: string) => new RecoError("unknown-user", `Nothing is stored about the user ${JSON.stringify(id.slice(0, 64))}.`);
  const users = new Entities(
    (id) => store.user(id),
    (page) => store.listUsers(page),
    (entities) => store.putUsers(entities),
    unknown,
  );
  return {
    user: (id) => users.get(id),
    listUsers: (page = {}) => users.page(page),
    putUsers: (entities) => users.putAll(entities),
    putUser: (user) => users.put(user),
    patchUser: (id, patch) => users.patch(id, patch),
    deleteUser: (id) => users.alone(id, () => store.deleteUser(id)),
    async exportUser(id) {
      const kept = await store.exportUser(id);
      if (kept.user === undefined && kept.events.length === 0 && kept.impressions.length === 0) throw unknown(id);
      return kept;
    },
    recentEvents(user, limit) {
      const { length, item, type, value, time } = store.recent(user, limit);
      return Array.from({ length }, (_, i) => ({
        item: store.items.id(item[i]) ?? "",
        type: store.eventTypes[type[i]],
        value: value[i],
        time: time[i],
      }));
    },
  };
}
