import { describe, expect, test } from "vitest";
import { impression } from "../testing/store-checks/impressions.ts";
import { all, answers, event, hasCode } from "../testing/store-checks/session.ts";
import { RecoError } from "../util/errors.ts";
import { openMemoryStorage } from "./memory/memory-storage.ts";
import { openStore } from "./open-store.ts";
import { StoredProject } from "./project-store.ts";
import type { Storage } from "./storage.ts";
import type { ProjectStore } from "./store.ts";

/** A storage that refuses commits: all from the `from`-th on, counted from now. */
function refusing(storage: Storage): Storage & { refuse(from: number): void; commits: number } {
  let last = Number.POSITIVE_INFINITY;
  const wrapped = {
    ...storage,
    commits: 0,
    refuse(from: number) {
      last = from;
      wrapped.commits = 0;
    },
    commit: (project: string, after: number, prepare: Parameters<Storage["commit"]>[2]) =>
      storage.commit(project, after, (missed) => {
        const writes = prepare(missed);
        if (writes.length > 0 && ++wrapped.commits >= last) throw new RecoError("storage-failed", "The disk is full.");
        return writes;
      }),
  };
  return wrapped;
}

const user = (i: number) => (i % 6 === 3 ? "ingrid" : `user ${i % 6}`);

async function fill(shop: ProjectStore): Promise<void> {
  for (let i = 0; i < 60; i++) await shop.append([event(user(i), `x${i % 7}`, { time: i, key: `k${i}`, session: `of ${user(i)}` })]);
  await shop.putUsers([{ id: "ingrid", properties: { name: "ingrid" } }]);
  for (let i = 0; i < 12; i++) shop.logImpression(impression(`${i}`, i, user(i)));
  await all(shop.impressions());
}

describe("a commit that the disk refuses", () => {
  test("leaves no trace, and reads go on", async () => {
    const storage = refusing(openMemoryStorage());
    const store = await openStore(storage);
    const shop = await store.createProject("shop");
    await fill(shop);
    const before = await answers(shop);
    const heard: unknown[] = [];
    shop.onEvents(({ length }) => heard.push(length));
    shop.documents.onChange("job", (key) => heard.push(key));
    storage.refuse(1);
    const refused = await Promise.allSettled([
      shop.append([event("new", "new", { type: "new", key: "new" })]),
      shop.putItems([{ id: "new", properties: { new: 1 } }]),
      shop.setSchema({ items: { new: "text" } }),
      shop.documents.put("job", "1", 1),
      shop.deleteItems(["x1"]),
      shop.dropBefore(30),
      shop.deleteUser("ingrid"),
    ]);
    for (const result of refused) expect(result.status === "rejected" && hasCode("storage-failed")(result.reason)).toBe(true);
    expect(await answers(shop)).toEqual(before);
    expect(heard).toEqual([]);

    storage.refuse(Number.POSITIVE_INFINITY);
    // What was refused can be sent again, with the same keys, and takes the next indices.
    expect(await shop.append([event("other", "x1"), event("new", "new", { key: "new" })])).toEqual({ accepted: 2, duplicates: 0 });
    expect([shop.users.indexOf("other"), shop.users.indexOf("new")]).toEqual([6, 7]);
    await store.close();
  });

  test("keeps impressions waiting until they are written", async () => {
    const storage = refusing(openMemoryStorage());
    const store = await openStore(storage);
    const shop = await store.createProject("shop");
    storage.refuse(1);
    shop.logImpression(impression("1", 1, "ann"));
    await expect(all(shop.impressions())).rejects.toThrow("full");
    shop.logImpression(impression("2", 2, "ann"));
    storage.refuse(Number.POSITIVE_INFINITY);
    expect((await all(shop.impressions())).map(({ id }) => id)).toEqual(["1", "2"]);
    await store.close();
  });

  test("lets the store be closed, and says that impressions were lost", async () => {
    const storage = refusing(openMemoryStorage());
    const store = await openStore(storage);
    const shop = await store.createProject("shop");
    storage.refuse(1);
    shop.logImpression(impression("1", 1, "ann"));
    await expect(store.close()).rejects.toThrow("full");
    await expect(shop.append([event("a", "x")])).rejects.toSatisfy(hasCode("aborted"));
  });
});

test("merging segments may end at any commit: everything is there, once", async () => {
  for (let from = 1; from <= 6; from++) {
    const memory = openMemoryStorage();
    const storage = refusing(memory);
    const store = await openStore(storage);
    const shop = await store.createProject("shop");
    await fill(shop);
    const before = await answers(shop);
    storage.refuse(from);
    // Three segments at a time, and their merged ones again: many merges, one commit each.
    const merged = shop instanceof StoredProject ? await shop.compact([200, 600]).then(() => true, hasCode("storage-failed")) : false;
    expect(merged).toBe(true);
    expect(storage.commits).toBeGreaterThan(0);
    storage.refuse(Number.POSITIVE_INFINITY);
    expect(await answers(shop)).toEqual(before);
    await store.close();
    expect(await answers((await openStore(memory)).project("shop"))).toEqual(before);
  }
});

test("deleting a user may end at any commit: the next process goes on until nothing is left", async () => {
  let steps = 0;
  for (let from = 2; steps === 0 || from <= steps; from++) {
    const memory = openMemoryStorage();
    const storage = refusing(memory);
    const store = await openStore(storage);
    const shop = await store.createProject("shop");
    await fill(shop);
    if (shop instanceof StoredProject && from % 2 === 0) await shop.compact([300]);
    const index = shop.users.indexOf("ingrid");
    storage.refuse(from);
    const deleted = await shop.deleteUser("ingrid").then(
      () => true,
      () => false,
    );
    if (deleted) steps = from;
    // From the first commit on nobody sees the user.
    expect([shop.users.indexOf("ingrid"), shop.user("ingrid"), shop.recent("ingrid").length]).toEqual([-1, undefined, 0]);
    storage.refuse(Number.POSITIVE_INFINITY);
    await store.close();

    const again = (await openStore(memory)).project("shop");
    await expect.poll(() => contains(memory, "ingrid")).toBe(false);
    expect((await all(again.readEvents())).length).toBe(50);
    expect(again.size).toBe(50);
    expect((await again.scan()).user.includes(index)).toBe(false);
    expect((await all(again.impressions())).length).toBe(10);
    const before = await answers(again);
    expect(await answers((await openStore(memory)).project("shop"))).toEqual(before);
  }
  expect(steps).toBeGreaterThan(3);
});

async function contains(storage: Storage, id: string): Promise<boolean> {
  for (const project of await storage.projects())
    for await (const change of storage.changes(project, 0)) {
      const text = change.type === "segment" ? Buffer.from(change.bytes).toString("latin1") : `${change.key} ${change.body}`;
      if (text.includes(id)) return true;
    }
  return false;
}

test("a damaged segment is named when the store is opened", async () => {
  const memory = openMemoryStorage();
  const store = await openStore(memory);
  await fill(await store.createProject("shop"));
  await store.close();
  const damaged: Storage = {
    ...memory,
    async *changes(project, after) {
      for await (const change of memory.changes(project, after)) {
        if (change.type === "segment") change.bytes[20] ^= 1;
        yield change;
      }
    },
  };
  await expect(openStore(damaged)).rejects.toSatisfy(hasCode("bad-data", ["damaged"]));
});
