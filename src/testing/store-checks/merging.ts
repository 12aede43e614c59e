import assert from "node:assert/strict";
import type { EventPlace, ProjectStore } from "../../store/store.ts";
import { impression } from "./impressions.ts";
import { all, answers, check, event, newest, openedTwice, type StoreCheck, stored } from "./session.ts";

/** Where a user's n-th event, as `recent` lists them, stands. */
function placeOf(shop: ProjectStore, user: string, n: number): EventPlace {
  const { item, type, time, value } = shop.recent(user);
  return { user: shop.users.indexOf(user), item: item[n], type: type[n], time: time[n], value: value[n], nth: 0 };
}

/** Two users, each with properties and impressions, and one event of a third. */
async function visits(shop: ProjectStore): Promise<void> {
  await shop.append([
    event("anon", "tent", { time: 10, key: "1", session: "s", context: { device: "phone" } }),
    event("nora", "map", { time: 5 }),
    event("anon", "stove", { time: 20, type: "cart", value: 2, recommendation: "r" }),
    event("other", "tent", { time: 30 }),
  ]);
  await shop.putUsers([
    { id: "anon", properties: { city: "Graz", device: "phone" } },
    { id: "nora", properties: { city: "Linz" } },
  ]);
  shop.logImpression(impression("1", 1, "anon"));
  shop.logImpression(impression("2", 2, "nora"));
}

const moved = [
  event("nora", "tent", { time: 10, session: "s", context: { device: "phone" } }),
  event("nora", "stove", { time: 20, type: "cart", value: 2, recommendation: "r" }),
];

export const mergingChecks: readonly StoreCheck[] = [
  check("deletes one event and no other, also of equal ones", async (session) => {
    const { shop } = session;
    const twice = event("ann", "cup", { time: 10 });
    await shop.append([
      event("ann", "tea", { time: 5 }),
      twice,
      event("bob", "cup", { time: 10 }),
      twice,
      event("ann", "pot", { time: 20 }),
    ]);
    const at = placeOf(shop, "ann", 1);
    assert.equal(await shop.deleteEvent({ ...at, nth: 2 }), false);
    assert.equal(await shop.deleteEvent({ ...at, nth: 1 }), true);
    assert.equal(await shop.deleteEvent({ ...at, nth: 1 }), false);
    assert.equal(await shop.deleteEvent({ ...at, time: 11 }), false);
    await shop.append([event("ann", "jug", { time: 30 })]);
    for await (const open of openedTwice(session)) {
      const left = await all(open.readEvents());
      assert.deepEqual(
        left.map(({ user, item }) => `${user} ${item}`),
        ["ann tea", "ann cup", "bob cup", "ann pot", "ann jug"],
      );
      assert.deepEqual(newest(open, "ann"), ["jug view 1 30", "pot view 1 20", "cup view 1 10", "tea view 1 5"]);
      assert.deepEqual([open.size, open.stats().from, open.stats().to], [5, 5, 30]);
    }
  }),
  check("keeps the idempotency key of a deleted event in use", async ({ shop }) => {
    await shop.append([event("ann", "cup", { key: "k" }), event("ann", "tea", { key: "l" })]);
    await shop.deleteEvent(placeOf(shop, "ann", 0));
    assert.deepEqual(await shop.append([event("ann", "tea", { key: "l" })]), { accepted: 0, duplicates: 1 });
  }),
  check("makes what one user did and is what another did and is", async (session) => {
    const { shop } = session;
    await visits(shop);
    let removals = 0;
    shop.onRemoved(() => removals++);
    assert.equal(await shop.mergeUser("anon", "nora"), 2);
    assert.equal(await shop.mergeUser("anon", "nora"), 0, "once is enough");
    assert.equal(await shop.mergeUser("nobody", "nora"), undefined);
    assert.ok(removals > 0);
    for await (const open of openedTwice(session)) {
      assert.deepEqual([open.users.indexOf("anon"), open.user("anon"), open.recent("anon").length], [-1, undefined, 0]);
      assert.deepEqual(open.user("nora")?.properties, { city: "Linz", device: "phone" });
      const { events, impressions, merged } = await open.exportUser("nora");
      assert.deepEqual(
        events.toSorted((a, b) => a.time - b.time),
        [event("nora", "map", { time: 5 }), ...moved].map(stored),
      );
      assert.equal(open.recent("nora").length, 3);
      assert.deepEqual(
        impressions.map(({ id }) => id),
        ["1", "2"],
      );
      assert.deepEqual(
        merged.map(({ user }) => user),
        ["anon"],
      );
      assert.deepEqual([open.size, open.stats().users], [4, 2]);
      assert.deepEqual(
        (await open.append([event("anon", "tent", { key: "1" })])).duplicates,
        1,
        "the keys of moved events are still in use",
      );
    }
  }),
  check("takes a merge back, into a user who came back or a new one", async (session) => {
    const { shop } = session;
    await visits(shop);
    await shop.mergeUser("anon", "nora");
    assert.equal(await shop.splitUser("anon", "other"), undefined);
    await shop.append([event("nora", "rope", { time: 40 }), event("anon", "lamp", { time: 50 })]);
    await shop.putUsers([{ id: "nora", properties: { city: "Wels", device: "phone", age: 3 } }]);
    assert.equal(await shop.splitUser("anon", "nora"), 2);
    assert.equal(await shop.splitUser("anon", "nora"), undefined);
    for await (const open of openedTwice(session)) {
      assert.deepEqual(open.user("anon")?.properties, { city: "Graz", device: "phone" });
      assert.deepEqual(open.user("nora")?.properties, { city: "Wels", age: 3 });
      const { events } = await open.exportUser("anon");
      assert.deepEqual(
        events.toSorted((a, b) => a.time - b.time),
        [...moved.map((one) => ({ ...one, user: "anon" })), event("anon", "lamp", { time: 50 })].map((one) =>
          stored(one as (typeof moved)[0]),
        ),
      );
      assert.deepEqual(newest(open, "nora"), ["rope view 1 40", "map view 1 5"]);
      assert.deepEqual((await open.exportUser("nora")).merged, []);
      assert.equal(open.size, 6);
    }
  }),
  check("takes merges of merged users back, the last one first", async ({ shop }) => {
    await shop.append([event("a", "x", { time: 1 }), event("b", "y", { time: 2 }), event("c", "z", { time: 3 })]);
    await shop.mergeUser("a", "b");
    await shop.mergeUser("b", "c");
    assert.equal(await shop.splitUser("a", "b"), undefined, "b is gone while it is merged");
    assert.equal(await shop.splitUser("b", "c"), 2);
    const left = async () => (await all(shop.readEvents())).map(({ user, item }) => `${user} ${item}`).toSorted();
    assert.deepEqual(await left(), ["b x", "b y", "c z"]);
    assert.equal(await shop.splitUser("a", "b"), 1);
    assert.deepEqual(await left(), ["a x", "b y", "c z"]);
  }),
  check("leaves nothing of a deleted user in the stored bytes, nor of those who were merged into them", async ({ shop, place }) => {
    if (place.bytes === undefined) return;
    const [first, second] = ["anon-41c9d7b2e6", "nora-7f3a9c55d1"];
    await shop.append([event(first, "x"), event(second, "y"), event("other", "z")]);
    await shop.putUsers([{ id: first, properties: { mail: first } }]);
    shop.logImpression(impression("1", 1, first));
    await all(shop.impressions());
    await shop.mergeUser(first, second);
    await shop.mergeUser(second, "mia");
    assert.ok(Buffer.from(await place.bytes()).includes(first), "it is remembered for taking it back");
    assert.equal(await shop.deleteUser("mia"), 2);
    const bytes = Buffer.from(await place.bytes());
    assert.ok(![first, second].some((id) => bytes.includes(id)), "an id is still kept");
    assert.deepEqual(
      (await all(shop.readEvents())).map(({ user }) => user),
      ["other"],
    );
  }),
  check(
    "follows what another server deletes and merges",
    async (session) => {
      const { shop } = session;
      const replica = await session.replica();
      await visits(shop);
      await shop.append([event("nora", "cup", { time: 50 }), event("nora", "jug", { time: 60 })]);
      await replica.refresh();
      let removals = 0;
      replica.onRemoved(() => removals++);
      await shop.deleteEvent(placeOf(shop, "nora", 0));
      await shop.mergeUser("anon", "nora");
      await replica.refresh();
      assert.ok(removals >= 2);
      // What another server deleted is read again in the background.
      for (let i = 0; i < 100 && newest(replica, "nora").length !== newest(shop, "nora").length; i++)
        await new Promise((resolve) => setTimeout(resolve, 10));
      const seen = (open: ProjectStore) => newest(open, "nora").toSorted();
      assert.deepEqual(seen(replica), seen(shop));
      await replica.splitUser("anon", "nora");
      await shop.refresh();
      const whole = async (open: ProjectStore) => ({ ...((await answers(open)) as object), recent: undefined });
      assert.deepEqual(await whole(shop), await whole(replica));
    },
    ({ shared }) => shared,
  ),
];
