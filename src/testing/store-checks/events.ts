import assert from "node:assert/strict";
import type { ValidEvent } from "../../data/events.ts";
import { readSegment } from "../../store/segment.ts";
import { all, answers, check, event, hasCode, newest, oldest, openedTwice, type StoreCheck, stored } from "./session.ts";

/** Events with every field, in every shape. */
const varied: readonly ValidEvent[] = [
  event("ann", "tea", { value: 0.1, time: 1_700_000_000_123.25 }),
  event("bob", "tea", { type: "purchase", value: -3, time: 0, key: "a" }),
  event("ann", "Käse / 🧀", { session: "s1", context: { page: 3, mobile: true, place: "home" }, time: -5 }),
  event("ann", "tea", { recommendation: "r-1", time: 8.64e15, key: "b" }),
  event("ϕ\u0000\ud800", "tea", { session: "s1", recommendation: "r-1", context: {}, value: 3.4e38 }),
];

/** The newest of these events by item and type, as they are named. @param events newest first */
function lastOf(events: readonly ValidEvent[]): string[] {
  return [...new Map(events.toReversed().map(({ item, type, time }) => [`${item} ${type}`, `${item} ${type} ${time}`])).values()].sort();
}

export const eventChecks: readonly StoreCheck[] = [
  check("returns every event unchanged, also after reopening", async ({ shop, reopen }) => {
    assert.deepEqual(await shop.append(varied), { accepted: 5, duplicates: 0 });
    assert.deepEqual(await all(shop.readEvents()), varied.map(stored));
    const before = await answers(shop);
    assert.deepEqual(await answers(await reopen()), before);
  }),
  check("numbers ids in order of first appearance", async (session) => {
    const { shop } = session;
    await shop.append([event("b", "y"), event("a", "x", { type: "buy" }), event("b", "x")]);
    await shop.putItems([{ id: "z", properties: {} }]);
    await Promise.all([shop.append([event("c", "w")]), shop.append([event("d", "z")])]);
    for await (const open of openedTwice(session)) {
      const list = (size: number, id: (index: number) => string | undefined) => Array.from({ length: size }, (_, i) => id(i));
      assert.deepEqual(
        list(open.users.size, (i) => open.users.id(i)),
        ["b", "a", "c", "d"],
      );
      assert.deepEqual(
        list(open.items.size, (i) => open.items.id(i)),
        ["y", "x", "z", "w"],
      );
      assert.deepEqual([...open.eventTypes], ["view", "buy"]);
      assert.equal(open.items.indexOf("z"), 2);
      assert.equal(open.items.indexOf("nothing"), -1);
    }
  }),
  check("counts an event with a key once: in a batch, concurrently, later, and after a restart", async ({ shop, reopen }) => {
    assert.deepEqual(await shop.append([event("a", "x", { key: "1" }), event("a", "x", { key: "1" }), event("a", "x")]), {
      accepted: 2,
      duplicates: 1,
    });
    const retries = await Promise.all(Array.from({ length: 20 }, () => shop.append([event("a", "y", { key: "2" })])));
    assert.equal(
      retries.reduce((sum, { accepted }) => sum + accepted, 0),
      1,
    );
    assert.equal((await shop.append([event("b", "z", { key: "1" })])).accepted, 0);
    const again = await reopen();
    assert.deepEqual(await again.append([event("a", "x", { key: "1" }), event("a", "x", { key: "2" }), event("a", "x", { key: "3" })]), {
      accepted: 1,
      duplicates: 2,
    });
    assert.equal(again.size, 4);
    assert.equal(again.users.indexOf("b"), -1, "a duplicate adds no ids");
  }),
  check("reads the newest events of a user, newest first, up to the number kept", async (session) => {
    const { shop } = session;
    assert.equal(shop.recent("a").length, 0);
    const events = Array.from({ length: 700 }, (_, i) => event(i % 2 === 0 ? "a" : "b", `i${i}`, { time: i, value: i }));
    for (let i = 0; i < 700; i += 100) await shop.append(events.slice(i, i + 100));
    for await (const open of openedTwice(session)) {
      const expected = events
        .filter(({ user }) => user === "b")
        .reverse()
        .slice(0, open.recentLimit);
      assert.deepEqual(
        newest(open, "b"),
        expected.map(({ item, type, value, time }) => `${item} ${type} ${value} ${time}`),
      );
      assert.deepEqual(newest(open, "b", 3), newest(open, "b").slice(0, 3));
    }
  }),
  check("reads the newest events by their times, whenever they arrived, and remembers the items of all others", async (session) => {
    const { shop } = session;
    const times = (i: number) => (i < 100 ? 5000 - i : (i * 37) % 401);
    const events = Array.from({ length: 500 }, (_, i) => event("a", `i${i % 131}`, { time: times(i), type: i % 3 === 0 ? "buy" : "view" }));
    for (let i = 0; i < 500; i += 90) await shop.append(events.slice(i, i + 90));
    await shop.append([event("b", "x", { time: 2 }), event("b", "y", { time: 2 }), event("b", "z", { time: 1 })]);
    for await (const open of openedTwice(session)) {
      const byTime = events.toReversed().sort((a, b) => b.time - a.time);
      assert.deepEqual(
        newest(open, "a"),
        byTime.slice(0, open.recentLimit).map(({ item, type, time }) => `${item} ${type} 1 ${time}`),
      );
      assert.deepEqual(oldest(open, "a"), lastOf(byTime.slice(open.recentLimit)));
      assert.deepEqual([newest(open, "b"), oldest(open, "b")], [["y view 1 2", "x view 1 2", "z view 1 1"], undefined]);
    }
    await session.shop.dropBefore(150);
    for await (const open of openedTwice(session)) {
      const byTime = events.filter(({ time }) => time >= 150).reverse();
      byTime.sort((a, b) => b.time - a.time);
      assert.deepEqual(oldest(open, "a"), lastOf(byTime.slice(open.recentLimit)));
    }
  }),
  check("reads the same log as columns and as segments", async ({ shop }) => {
    for (let i = 0; i < 50; i++)
      await shop.append(Array.from({ length: 7 }, (_, j) => event(`u${i % 9}`, `i${j}`, { time: i * 7 + j, value: j })));
    const scan = await shop.scan();
    assert.equal(scan.length, 350);
    assert.deepEqual(Array.from(scan.time), [...Array(350).keys()]);
    let row = 0;
    for await (const bytes of shop.segments()) {
      const segment = readSegment(bytes);
      for (let i = 0; i < segment.length; i++, row++) {
        assert.equal(segment.user[i], scan.user[row]);
        assert.equal(segment.item[i], scan.item[row]);
        assert.equal(segment.type[i], scan.type[row]);
        assert.equal(segment.value[i], scan.value[row]);
        assert.equal(segment.time[i], scan.time[row]);
      }
    }
    assert.equal(row, 350);
    assert.equal(shop.users.id(scan.user[10]), "u1");
  }),
  check("notifies listeners of every event once it is stored", async ({ shop }) => {
    await shop.append([event("a", "x", { key: "1" })]);
    const heard: string[] = [];
    shop.onEvents(({ length, user, item, time }) => {
      for (let i = 0; i < length; i++) heard.push(`${shop.users.id(user[i])} ${shop.items.id(item[i])} ${time[i]}`);
    });
    await shop.append([event("a", "x", { key: "1" }), event("b", "y", { time: 1 })]);
    await shop.append([event("a", "y", { time: 2 })]);
    assert.deepEqual(heard, ["b y 1", "a y 2"]);
  }),
  check("counts events by type, users, items and times", async (session) => {
    const { shop } = session;
    assert.ok(Number.isNaN(shop.stats().from));
    await shop.append([event("a", "x", { time: 5 }), event("b", "y", { type: "buy", time: 3 }), event("b", "y", { time: 9 })]);
    await shop.putUsers([{ id: "c", properties: { age: 3 } }]);
    for await (const open of openedTwice(session))
      assert.deepEqual(open.stats(), {
        events: 3,
        users: 3,
        items: 2,
        describedItems: 0,
        describedUsers: 1,
        eventTypes: [
          { type: "view", count: 2 },
          { type: "buy", count: 1 },
        ],
        from: 3,
        to: 9,
      });
  }),
  check("rejects a batch with more than 256 event types as a whole", async ({ shop }) => {
    const types = Array.from({ length: 257 }, (_, i) => event("a", "x", { type: `t${i}` }));
    const [many, one] = await Promise.allSettled([shop.append(types), shop.append([event("a", "x")])]);
    assert.ok(many.status === "rejected" && hasCode("too-large")(many.reason));
    assert.ok(one.status === "fulfilled", "concurrent batches are unaffected");
    assert.deepEqual([...shop.eventTypes], ["view"]);
    await shop.append(types.slice(0, 255));
    assert.equal(shop.eventTypes.length, 256);
    assert.equal(shop.size, 256);
  }),
  check("isolates projects", async ({ store, shop }) => {
    const name = `${shop.name}-2`;
    const other = await store.createProject(name);
    await shop.append([event("a", "x", { key: "k" })]);
    assert.equal((await other.append([event("b", "y", { key: "k" })])).accepted, 1);
    await other.putItems([{ id: "x", properties: { secret: 1 } }]);
    await other.documents.put("note", "n", 1);
    assert.deepEqual([shop.users.indexOf("b"), shop.item("x"), shop.documents.get("note", "n")], [-1, undefined, undefined]);
    assert.deepEqual(await all(shop.readEvents()), [stored(event("a", "x"))]);
    await assert.rejects(store.createProject(name), hasCode("conflict"));
    await store.deleteProject(name);
    assert.throws(() => store.project(name), hasCode("unknown-project", [name]));
    await assert.rejects(other.append([event("a", "x")]));
    assert.equal((await store.createProject(name)).size, 0);
    await store.deleteProject(name);
    for (const bad of ["", "A", "a.b", "a/b", "ä", "x".repeat(65), ".server"])
      await assert.rejects(store.createProject(bad), hasCode("bad-input"));
  }),
  check("gives the same answers while small segments are merged into large ones", async ({ shop, reopen }) => {
    const append = async (from: number, to: number) => {
      for (let i = from; i < to; i += 100)
        await Promise.all(
          Array.from({ length: 10 }, (_, j) =>
            shop.append(
              Array.from({ length: 10 }, (_, k) => {
                const n = i + j * 10 + k;
                return event(`user ${n % 37}`, `item ${n % 61}`, {
                  time: n,
                  key: `key ${n}`,
                  ...(n % 3 === 0 ? { context: { n, words: "some words that fill the segment until it is worth a merge" } } : {}),
                });
              }),
            ),
          ),
        );
    };
    await append(0, 2000);
    const before = await answers(shop);
    await append(2000, 4000);
    const after = (await answers(shop)) as { events: unknown[] };
    assert.deepEqual(after.events.slice(0, 2000), (before as { events: unknown[] }).events);
    assert.deepEqual(await answers(await reopen()), after);
  }),
];
