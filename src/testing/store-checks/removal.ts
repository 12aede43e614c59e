import assert from "node:assert/strict";
import type { ProjectStore } from "../../store/store.ts";
import { impression } from "./impressions.ts";
import { all, answers, check, event, openedTwice, type StoreCheck, stored } from "./session.ts";

const SECRET = "ingrid-7f3a9c@example.com";

/** Puts a user in every place where one can occur, among others. */
async function fill(shop: ProjectStore, user: string): Promise<void> {
  for (let i = 0; i < 30; i++)
    await shop.append([
      event(`before ${i}`, `x${i % 4}`, { time: i }),
      event(user, `x${i % 5}`, {
        time: i,
        type: i % 2 === 0 ? "view" : "buy",
        session: `of ${user}`,
        context: { name: user },
        key: `${user} ${i}`,
      }),
      event(`after ${i}`, `x${i % 3}`, { time: i, session: `s${i}` }),
    ]);
  await shop.putUsers([{ id: user, properties: { mail: user } }]);
  for (let i = 0; i < 10; i++) shop.logImpression(impression(`${i}`, i, i % 2 === 0 ? user : "before 1"));
}

export const removalChecks: readonly StoreCheck[] = [
  check("deletes every trace of a user, and nothing of others", async (session) => {
    const { shop } = session;
    await fill(shop, SECRET);
    const others = (await all(shop.readEvents())).filter(({ user }) => user !== SECRET);
    const index = shop.users.indexOf(SECRET);
    const { size } = shop.users;
    assert.equal(await shop.deleteUser(SECRET), 30);
    assert.equal(await shop.deleteUser(SECRET), 0, "nothing is left to delete");
    for await (const open of openedTwice(session)) {
      assert.deepEqual(await all(open.readEvents()), others);
      assert.equal(open.recent(SECRET).length, 0);
      assert.equal(open.user(SECRET), undefined);
      assert.deepEqual([open.users.indexOf(SECRET), open.users.id(index), open.users.size], [-1, undefined, size]);
      assert.ok(!(await open.scan()).user.includes(index));
      assert.deepEqual(await open.exportUser(SECRET), { user: undefined, events: [], impressions: [], merged: [] });
      const left = await all(open.impressions());
      assert.ok(left.length === 5 && left.every(({ user }) => user === "before 1"));
      const { events, users, describedUsers, eventTypes, from, to } = open.stats();
      assert.deepEqual([events, users, describedUsers, from, to], [60, size - 1, 0, 0, 29]);
      assert.deepEqual(eventTypes, [
        { type: "view", count: 60 },
        { type: "buy", count: 0 },
      ]);
    }
  }),
  check("leaves nothing of a deleted user in the stored bytes", async ({ shop, place }) => {
    if (place.bytes === undefined) return;
    await fill(shop, SECRET);
    await all(shop.impressions());
    assert.ok(Buffer.from(await place.bytes()).includes(SECRET), "it was there");
    await shop.deleteUser(SECRET);
    assert.ok(!Buffer.from(await place.bytes()).includes(SECRET), "the id is still kept");
  }),
  check("treats a deleted user who returns as a new user", async (session) => {
    const { shop } = session;
    await fill(shop, "ann");
    const index = shop.users.indexOf("ann");
    const [removed] = await Promise.all([shop.deleteUser("ann"), shop.append([event("other", "x1")])]);
    assert.equal(removed, 30);
    await shop.append([event("ann", "x1", { time: 77, key: "new" })]);
    await shop.putUsers([{ id: "ann", properties: { age: 3 } }]);
    shop.logImpression(impression("new", 5, "ann"));
    for await (const open of openedTwice(session)) {
      assert.ok(open.users.indexOf("ann") > index);
      const { user, events, impressions } = await open.exportUser("ann");
      assert.deepEqual(user?.properties, { age: 3 });
      assert.deepEqual(events, [stored(event("ann", "x1", { time: 77 }))]);
      assert.deepEqual(
        impressions.map(({ id }) => id),
        ["new"],
      );
      assert.equal(open.recent("ann").length, 1);
    }
  }),
  check("deletes users who have only properties or only impressions", async ({ shop }) => {
    await shop.putUsers([{ id: "described", properties: { age: 1 } }]);
    shop.logImpression(impression("1", 1, "visitor"));
    assert.equal(await shop.deleteUser("described"), 0);
    assert.equal(await shop.deleteUser("visitor"), 0);
    assert.equal(await shop.deleteUser("nobody"), 0);
    assert.deepEqual([shop.user("described"), shop.stats().users, (await all(shop.impressions())).length], [undefined, 0, 0]);
  }),
  check("exports everything stored about a user", async ({ shop }) => {
    await fill(shop, "ann");
    const { user, events, impressions } = await shop.exportUser("ann");
    assert.deepEqual(user?.properties, { mail: "ann" });
    assert.equal(events.length, 30);
    assert.deepEqual(events[1], stored(event("ann", "x1", { time: 1, type: "buy", session: "of ann", context: { name: "ann" } })));
    assert.deepEqual(
      impressions.map(({ id }) => id),
      ["0", "2", "4", "6", "8"],
    );
  }),
  check("drops old events and impressions", async (session) => {
    const { shop, reopen } = session;
    await fill(shop, "ann");
    const firstSeen = Array.from(shop.catalog.firstSeen.subarray(0, 5));
    assert.equal(await shop.dropBefore(20), 60);
    assert.equal(await shop.dropBefore(20), 0);
    await shop.append([event("ann", "x9", { time: 100 })]);
    const before = await answers(shop);
    for await (const open of openedTwice(session)) {
      assert.deepEqual(await answers(open), before);
      assert.ok((await all(open.readEvents())).every(({ time }) => time >= 20));
      assert.equal(open.recent("ann").length, 11);
      assert.deepEqual([open.stats().from, open.stats().to, open.size], [20, 100, 31]);
      assert.equal((await all(open.impressions())).length, 0);
      assert.deepEqual(Array.from(open.catalog.firstSeen.subarray(0, 5)), firstSeen, "items do not become new");
    }
    assert.equal(await (await reopen()).dropBefore(1000), 31);
  }),
  check("makes a complete backup during writes", async ({ store, shop }) => {
    if (store.backup === undefined) return;
    const { mkdtemp, rm } = await import("node:fs/promises");
    const { tmpdir } = await import("node:os");
    const { openStore } = await import("../../store/open-store.ts");
    const folder = await mkdtemp(`${tmpdir()}/recobase-backup-`);
    try {
      await fill(shop, "ann");
      const before = (await answers(shop)) as { events: unknown[] };
      const path = `${folder}/copy.db`;
      let running = true;
      const writing = (async () => {
        for (let i = 0; running; i++) await shop.append([event(`late ${i}`, "x1", { time: 1000 + i })]);
      })();
      await store.backup(path);
      running = false;
      await writing;
      const copy = await openStore(path);
      const restored = (await answers(copy.project(shop.name))) as { events: unknown[]; impressions: unknown };
      assert.deepEqual(restored.events.slice(0, 90), before.events);
      assert.equal((restored.impressions as unknown[]).length, 10);
      assert.deepEqual(restored.events, (await all(shop.readEvents())).slice(0, restored.events.length));
      await copy.close();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }),
];
