import type { EntityInput } from "../data/entities.ts";
import type { Entity, ProjectStore } from "../store/store.ts";
import { RecoError } from "../util/errors.ts";
import type { Written } from "./catalog.ts";
import { type Declarations, propertyNames } from "./declarations.ts";
import { Entities, type EntityPage, type EntityPatch, type PageQuery } from "./entities.ts";
import { eventId, eventOfId } from "./event-id.ts";

/** An event of a user, with ids and type names. */
export interface PastEvent {
  /** For {@link UserVerbs.deleteEvent}. */
  readonly id: string;
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
  /**
   * Creates or replaces users, all or none.
   *
   * @returns warnings of properties that look misspelled, if there are any
   * @throws RecoError `bad-input` if a value doesn't match the type of its property, or for an undeclared property if the project is strict
   */
  putUsers(users: readonly EntityInput[]): Promise<Written>;
  putUser(user: EntityInput): Promise<Entity>;
  /** Updates some of a user's properties. @throws RecoError `unknown-user`, `bad-input` */
  patchUser(id: string, patch: Pick<EntityPatch, "properties">): Promise<Entity>;
  /** Deletes everything stored about a user, and what lists learned from it. @returns the number of events removed */
  deleteUser(id: string): Promise<number>;
  /**
   * Makes what one user did what another did, as when an anonymous visitor logs in: events, lists shown, and the properties that the other has not.
   * New events with the id of the first belong to a new user. Repeating it does nothing.
   *
   * @returns the number of events moved
   * @throws RecoError `unknown-user` if nothing is stored about `from`, `bad-input` if both are the same
   */
  mergeUser(id: string, from: string): Promise<number>;
  /**
   * Takes a merge back: `from` exists again, with its events and properties.
   *
   * @returns the number of events moved back
   * @throws RecoError `unknown-user` if `from` was not merged into the user
   */
  splitUser(id: string, from: string): Promise<number>;
  /** Deletes one event, and what lists learned from it. @throws RecoError `not-found` */
  deleteEvent(id: string): Promise<void>;
  /** Everything stored about a user. @throws RecoError `unknown-user` if there is nothing */
  exportUser(id: string): ReturnType<ProjectStore["exportUser"]>;
  /** The newest events of a user, newest first; empty for unknown users. */
  recentEvents(user: string, limit?: number): readonly PastEvent[];
}

type UserStore = Pick<
  ProjectStore,
  | "user"
  | "users"
  | "listUsers"
  | "putUsers"
  | "deleteUser"
  | "deleteEvent"
  | "mergeUser"
  | "splitUser"
  | "exportUser"
  | "recent"
  | "items"
  | "eventTypes"
>;

/** @param relearned resolves when lists no longer count events that were removed before the call */
export function userVerbs(store: UserStore, declarations: Declarations, relearned: () => Promise<void>): UserVerbs {
  const unknown = (id: string) => new RecoError("unknown-user", `Nothing is stored about the user ${JSON.stringify(id.slice(0, 64))}.`);
  const users = new Entities(
    (id) => store.user(id),
    (page) => store.listUsers(page),
    async (entities) => {
      declarations.check("user", entities);
      await store.putUsers(entities);
    },
    unknown,
  );
  return {
    user: (id) => users.get(id),
    listUsers: (page = {}) => users.page(page),
    async putUsers(entities) {
      await users.putAll(entities);
      const warnings = declarations.warnings("user", propertyNames(entities));
      return { ...(warnings && { warnings }) };
    },
    putUser: (user) => users.put(user),
    patchUser: (id, patch) => users.patch(id, patch),
    async deleteUser(id) {
      const removed = await users.alone(id, () => store.deleteUser(id));
      if (removed > 0) await relearned();
      return removed;
    },
    async mergeUser(id, from) {
      if (id === from)
        throw new RecoError("bad-input", `${JSON.stringify(id.slice(0, 64))} can't be merged into itself. Pass the id of another user.`);
      const moved = await users.both(id, from, () => store.mergeUser(from, id));
      if (moved === undefined) throw unknown(from);
      if (moved > 0) await relearned();
      return moved;
    },
    async splitUser(id, from) {
      const moved = await users.both(id, from, () => store.splitUser(from, id));
      const [mine, theirs] = [id, from].map((one) => JSON.stringify(one.slice(0, 64)));
      if (moved === undefined) throw new RecoError("unknown-user", `The user ${theirs} was not merged into ${mine}.`);
      if (moved > 0) await relearned();
      return moved;
    },
    async deleteEvent(id) {
      const event = eventOfId(id);
      if (event === undefined || !(await store.deleteEvent(event)))
        throw new RecoError("not-found", "There is no such event. Take the id from a list of the user's events.");
      await relearned();
    },
    async exportUser(id) {
      const kept = await store.exportUser(id);
      if (kept.user === undefined && kept.events.length === 0 && kept.impressions.length === 0) throw unknown(id);
      return kept;
    },
    recentEvents(user, limit) {
      const { length, item, type, value, time } = store.recent(user);
      const index = store.users.indexOf(user);
      const equal = new Map<string, number>();
      const events: PastEvent[] = [];
      // From the oldest, so that a new event doesn't change the ids of those before.
      for (let i = length - 1; i >= 0; i--) {
        const place = { user: index, item: item[i], type: type[i], time: time[i], value: value[i] };
        const first = eventId({ ...place, nth: 0 });
        const nth = equal.get(first) ?? 0;
        equal.set(first, nth + 1);
        events.push({
          id: nth === 0 ? first : eventId({ ...place, nth }),
          item: store.items.id(item[i]) ?? "",
          type: store.eventTypes[type[i]],
          value: value[i],
          time: time[i],
        });
      }
      return events.reverse().slice(0, limit);
    },
  };
}
