import { randomBytes } from "node:crypto";
import type { ValidEvent } from "../../data/events.ts";
import type { ProjectStore, Store, StoredEvent } from "../../store/store.ts";
import { unchecked } from "../../store/testing/unchecked.ts";
import { RecoError } from "../../util/errors.ts";

/** Where a store is kept. The suite opens, closes and reopens it. */
export interface StorePlace {
  open(): Promise<Store>;
  /** Whether several stores may be open there at once, like those of several servers sharing a database. */
  readonly shared: boolean;
  /** Everything stored now, of all projects, while a store is open there. Omit it if there is no way to read that. */
  bytes?(): Promise<Uint8Array>;
}

/** One check that every store must pass. `run` throws if it fails. It creates its own project and deletes it. */
export interface StoreCheck {
  /** What it proves, as the title of a test. */
  readonly name: string;
  run(place: StorePlace): Promise<void>;
}

/** A running check: an open store, and a project of its own. */
export interface Session {
  readonly place: StorePlace;
  readonly store: Store;
  readonly shop: ProjectStore;
  /** Closes and reopens the store. */
  reopen(): Promise<ProjectStore>;
  /** Opens a second store at the same place. */
  replica(): Promise<ProjectStore>;
}

export function check(
  name: string,
  run: (session: Session) => Promise<void>,
  where: (place: StorePlace) => boolean = () => true,
): StoreCheck {
  return {
    name,
    async run(place) {
      if (!where(place)) return;
      const project = `suite-${randomBytes(6).toString("hex")}`;
      let store = await place.open();
      let shop = await store.createProject(project);
      const replicas: Store[] = [];
      try {
        await run({
          place,
          get store() {
            return store;
          },
          get shop() {
            return shop;
          },
          async reopen() {
            await store.close();
            store = await place.open();
            shop = store.project(project);
            return shop;
          },
          async replica() {
            const replica = await place.open();
            replicas.push(replica);
            return replica.project(project);
          },
        });
        await store.deleteProject(project);
      } finally {
        for (const open of [...replicas, store]) await open.close();
      }
    },
  };
}

/** The project as it is, then after closing and reopening it. */
export async function* openedTwice(session: Session): AsyncGenerator<ProjectStore> {
  yield session.shop;
  yield await session.reopen();
}

/** A view, with defaults for everything not given. */
export function event(user: string, item: string, more: Partial<ValidEvent> = {}): ValidEvent {
  return unchecked([{ user, item, type: "view", time: 600_000, ...more }])[0];
}

/** An event as it is read back. */
export function stored({ key: _, ...event }: ValidEvent): StoredEvent {
  return { ...event, value: event.value ?? 1 };
}

export async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

/** A user's newest events, with names instead of indices. */
export function newest(shop: ProjectStore, user: string, limit?: number): string[] {
  const { length, item, type, value, time } = shop.recent(user, limit);
  return Array.from({ length }, (_, i) => `${shop.items.id(item[i])} ${shop.eventTypes[type[i]]} ${value[i]} ${time[i]}`);
}

/** When a user last had an event of each type with each item before the newest events, with names; undefined if those are all. */
export function oldest(shop: ProjectStore, user: string): string[] | undefined {
  const older = shop.older(user);
  if (older === undefined) return undefined;
  return Array.from(
    { length: older.length },
    (_, i) => `${shop.items.id(older.item[i])} ${shop.eventTypes[older.type[i]]} ${older.time[i]}`,
  ).sort();
}

export function hasCode(code: RecoError["code"], words: readonly string[] = []): (error: unknown) => boolean {
  return (error) => error instanceof RecoError && error.code === code && words.every((word) => error.message.includes(word));
}

/** Everything a project returns, to compare before and after something that must not change it. */
export async function answers(shop: ProjectStore): Promise<unknown> {
  const { catalog, users, items } = shop;
  const ids = ({ size, id }: { size: number; id: (index: number) => string | undefined }) => Array.from({ length: size }, (_, i) => id(i));
  const scan = await shop.scan();
  return {
    users: ids({ size: users.size, id: (index) => users.id(index) }),
    items: ids({ size: items.size, id: (index) => items.id(index) }),
    types: [...shop.eventTypes],
    size: shop.size,
    stats: shop.stats(),
    events: await all(shop.readEvents()),
    scan: [scan.user, scan.item, scan.type, scan.value, scan.time].map((column) => Array.from(column)),
    recent: Array.from({ length: users.size }, (_, i) => newest(shop, users.id(i) ?? "")),
    older: Array.from({ length: users.size }, (_, i) => oldest(shop, users.id(i) ?? "")),
    listedItems: shop.listItems({ limit: 1e6 }),
    listedUsers: shop.listUsers({ limit: 1e6 }),
    schema: catalog.schema,
    firstSeen: Array.from(catalog.firstSeen.subarray(0, catalog.size)),
    available: Array.from(catalog.available(1e15)),
    impressions: await all(shop.impressions()),
  };
}
