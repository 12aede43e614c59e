import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ValidEvent } from "../data/events.ts";
import { answers, oldest } from "../testing/store-checks/session.ts";
import { openMemoryStorage } from "./memory/memory-storage.ts";
import { openStore } from "./open-store.ts";
import { StoredProject } from "./project-store.ts";
import type { ProjectStore, Store } from "./store.ts";
import { unchecked } from "./testing/unchecked.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recobase-operations-"));
});
afterAll(() => rm(folder, { recursive: true }));

const user = fc.constantFrom("ann", "bob", "cid", "dora");
const item = fc.constantFrom("x", "y", "z", "w");
const event = fc.record(
  {
    user,
    item,
    type: fc.constantFrom("view", "buy"),
    time: fc.nat(100),
    value: fc.nat(5),
    key: fc.constantFrom("1", "2", "3", "4", "5"),
    session: fc.constantFrom("s", "t"),
    context: fc.record({ page: fc.nat(2) }),
  },
  { requiredKeys: ["user", "item", "type", "time"] },
);

const operation = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("append" as const),
      batches: fc.array(fc.array(event, { maxLength: 5 }), { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("burst" as const), user, count: fc.integer({ min: 50, max: 250 }), step: fc.nat(97) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("put" as const), items: fc.array(item, { minLength: 1, maxLength: 3 }), price: fc.nat(9) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("delete items" as const), items: fc.array(item, { maxLength: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("describe user" as const), user }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("delete user" as const), user }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("delete event" as const), which: fc.nat(50) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("merge" as const, "split" as const), from: user, to: user }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("drop" as const), before: fc.nat(60) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("compact" as const), tiers: fc.constantFrom([100], [200, 1000], [1 << 20]) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reopen" as const) }) },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** An event, with the users who had it before they were merged, the last one first. */
type ModelEvent = ValidEvent & { readonly origin?: readonly string[] };

/** The store by the plainest means. */
class Model {
  events: ModelEvent[] = [];
  merges: { readonly from: string; readonly to: string }[] = [];
  readonly keys = new Set<string>();
  /** Keys of events that were removed: whether they are remembered is left open. */
  readonly gone = new Set<string>();
  readonly users: (string | undefined)[] = [];
  readonly items: string[] = [];
  readonly described = new Map<string, number>();
  readonly deleted = new Set<string>();

  append(events: readonly ValidEvent[]): number {
    let accepted = 0;
    for (const next of events) {
      if (next.key !== undefined && this.keys.has(next.key)) continue;
      if (next.key !== undefined) this.keys.add(next.key);
      this.know(this.users, next.user);
      this.know(this.items, next.item);
      this.events.push(next);
      accepted++;
    }
    return accepted;
  }

  know(ids: (string | undefined)[], id: string): void {
    if (!ids.includes(id)) ids.push(id);
  }

  /** Gives events to another user. They are then the newest commit. @returns how many */
  move(wanted: (event: ModelEvent) => boolean, moved: (event: ModelEvent) => ModelEvent): number {
    const found = this.events.filter(wanted);
    this.events = [...this.events.filter((next) => !wanted(next)), ...found.map(moved)];
    return found.length;
  }

  remove(gone: (event: ModelEvent) => boolean): number {
    const before = this.events.length;
    for (const next of this.events) if (next.key !== undefined && gone(next)) this.gone.add(next.key);
    this.events = this.events.filter((next) => !gone(next));
    return before - this.events.length;
  }
}

async function run(shop: ProjectStore, model: Model, operation: Operation): Promise<void> {
  switch (operation.do) {
    case "append": {
      const batches = operation.batches.map((batch) => unchecked(batch.filter(({ key }) => key === undefined || !model.gone.has(key))));
      const results = await Promise.all(batches.map((batch) => shop.append(batch)));
      expect(results.map(({ accepted }) => accepted)).toEqual(batches.map((batch) => model.append(batch)));
      return;
    }
    case "burst": {
      const { user, count, step } = operation;
      const types = ["view", "buy"];
      const burst = Array.from({ length: count }, (_, i) => ({
        user,
        item: "xyzw"[i % 4],
        type: types[(i >> 2) % 2],
        time: (i * step) % 101,
      }));
      expect((await shop.append(unchecked(burst))).accepted).toBe(model.append(unchecked(burst)));
      return;
    }
    case "put":
      await shop.putItems(operation.items.map((id) => ({ id, properties: { price: operation.price } })));
      for (const id of operation.items) {
        model.know(model.items, id);
        model.described.set(id, operation.price);
        model.deleted.delete(id);
      }
      return;
    case "delete items": {
      const there = new Set(operation.items.filter((id) => model.items.includes(id) && !model.deleted.has(id)));
      expect(await shop.deleteItems(operation.items)).toBe(there.size);
      for (const id of there) {
        model.deleted.add(id);
        model.described.delete(id);
      }
      return;
    }
    case "describe user":
      await shop.putUsers([{ id: operation.user, properties: { name: operation.user } }]);
      model.know(model.users, operation.user);
      return;
    case "delete user": {
      expect(await shop.deleteUser(operation.user)).toBe(model.remove((next) => next.user === operation.user));
      const index = model.users.indexOf(operation.user);
      if (index >= 0) {
        model.users[index] = undefined;
        const forgotten = new Set<string>([operation.user]);
        for (const user of forgotten) for (const { from, to } of model.merges) if (to === user) forgotten.add(from);
        model.merges = model.merges.filter(({ to }) => !forgotten.has(to));
      }
      return;
    }
    case "delete event": {
      if (model.events.length === 0) return;
      const chosen = model.events[operation.which % model.events.length];
      const same = (next: ModelEvent) =>
        next.user === chosen.user &&
        next.item === chosen.item &&
        next.type === chosen.type &&
        next.time === chosen.time &&
        (next.value ?? 1) === (chosen.value ?? 1);
      const place = {
        user: shop.users.indexOf(chosen.user),
        item: shop.items.indexOf(chosen.item),
        type: shop.eventTypes.indexOf(chosen.type),
        time: chosen.time,
        value: chosen.value ?? 1,
        nth: model.events.filter(same).indexOf(chosen),
      };
      expect(await shop.deleteEvent(place)).toBe(true);
      model.remove((next) => next === chosen);
      return;
    }
    case "merge": {
      const { from, to } = operation;
      if (from === to) return;
      const index = model.users.indexOf(from);
      const before = model.merges.some((merge) => merge.from === from && merge.to === to);
      const expected = index >= 0 ? model.events.filter((next) => next.user === from).length : before ? 0 : undefined;
      expect(await shop.mergeUser(from, to)).toBe(expected);
      if (index < 0) return;
      model.know(model.users, to);
      model.users[index] = undefined;
      model.move(
        (next) => next.user === from,
        (next) => ({ ...next, user: to, origin: [from, ...(next.origin ?? [])] }),
      );
      model.merges.push({ from, to });
      return;
    }
    case "split": {
      const { from, to } = operation;
      const known = model.users.includes(to) && model.merges.some((merge) => merge.from === from && merge.to === to);
      const theirs = (next: ModelEvent) => next.user === to && next.origin?.[0] === from;
      expect(await shop.splitUser(from, to)).toBe(known ? model.events.filter(theirs).length : undefined);
      if (!known) return;
      model.know(model.users, from);
      model.move(theirs, (next) => ({ ...next, user: from, origin: next.origin?.slice(1) ?? [] }));
      model.merges = model.merges.filter((merge) => merge.from !== from || merge.to !== to);
      return;
    }
    case "drop":
      expect(await shop.dropBefore(operation.before)).toBe(model.remove(({ time }) => time < operation.before));
      return;
    case "compact":
      if (shop instanceof StoredProject) await shop.compact(operation.tiers);
      return;
  }
}

/** What must hold after every step, read from memory alone. */
function agrees(shop: ProjectStore, model: Model): void {
  expect(shop.size).toBe(model.events.length);
  expect(Array.from({ length: shop.users.size }, (_, i) => shop.users.id(i))).toEqual(model.users);
  expect(Array.from({ length: shop.items.size }, (_, i) => shop.items.id(i))).toEqual(model.items);
  for (const id of ["ann", "bob", "cid", "dora"]) {
    const { length, item, time, value } = shop.recent(id);
    const newest = model.events
      .filter((next) => next.user === id)
      .reverse()
      .sort((a, b) => b.time - a.time);
    expect(Array.from({ length }, (_, i) => [shop.items.id(item[i]), time[i], value[i]])).toEqual(
      newest.slice(0, shop.recentLimit).map((next) => [next.item, next.time, next.value ?? 1]),
    );
    const older = newest.slice(shop.recentLimit).reverse();
    const last = new Map(older.map(({ item, type, time }) => [`${item} ${type}`, `${item} ${type} ${time}`]));
    expect(oldest(shop, id)).toEqual(older.length === 0 ? undefined : [...last.values()].sort());
  }
  expect([...shop.catalog.available(0)]).toEqual(model.items.map((id) => (model.deleted.has(id) ? 0 : 1)));
  const column = shop.catalog.columns.price;
  if (column?.type === "number")
    expect(Array.from(column.values.subarray(0, model.items.length))).toEqual(
      model.items.map((id) => model.described.get(id) ?? Number.NaN),
    );
  const times = model.events.map(({ time }) => time);
  expect([shop.stats().from, shop.stats().to]).toEqual(
    times.length === 0 ? [Number.NaN, Number.NaN] : [Math.min(...times), Math.max(...times)],
  );
}

/** What lies on disk says the same as memory, and the same again when it is opened anew. */
async function reopened(open: () => Promise<Store>, store: Store, name: string, model: Model): Promise<Store> {
  const shop = store.project(name);
  const before = (await answers(shop)) as { events: { user: string; item: string; time: number }[] };
  expect(before.events.map(({ user, item, time }) => [user, item, time])).toEqual(
    model.events.map(({ user, item, time }) => [user, item, time]),
  );
  await store.close();
  const again = await open();
  expect(await answers(again.project(name))).toEqual(before);
  return again;
}

async function play(open: () => Promise<Store>, name: string, operations: readonly Operation[]): Promise<void> {
  let store = await open();
  try {
    await store.createProject(name);
    const model = new Model();
    for (const next of operations) {
      if (next.do === "reopen") store = await reopened(open, store, name, model);
      else await run(store.project(name), model, next);
      agrees(store.project(name), model);
    }
    store = await reopened(open, store, name, model);
  } finally {
    await store.close();
  }
}

describe("whatever is done to a project, in whatever order, it answers as a plain list of events would", () => {
  const operations = fc.array(operation, { minLength: 5, maxLength: 30 });

  test("in memory", async () => {
    await fc.assert(
      fc.asyncProperty(operations, async (list) => {
        const storage = openMemoryStorage();
        await play(() => openStore(storage), "shop", list);
      }),
      { numRuns: 150 },
    );
  });

  test("on disk", async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(operations, async (list) => {
        const file = join(folder, `${runs++}.db`);
        await play(() => openStore(file), "shop", list);
      }),
      { numRuns: 12 },
    );
  });
});
