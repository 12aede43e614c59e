import assert from "node:assert/strict";
import type { ProjectStore } from "../../store/store.ts";
import { impression } from "./impressions.ts";
import { all, answers, check, event, newest, type StoreCheck, stored } from "./session.ts";

/** Checks for several stores sharing a database. */
export const replicaChecks: readonly StoreCheck[] = [
  replicaCheck("sees what another server committed, after a refresh", async (shop, replica) => {
    await shop.append([event("a", "x"), event("b", "y", { type: "buy" })]);
    await shop.putItems([{ id: "z", properties: { price: 3 } }]);
    await shop.documents.put("job", "1", "new");
    await replica.refresh();
    assert.deepEqual(await answers(replica), await answers(shop));
    assert.equal(replica.documents.get("job", "1"), "new");
  }),
  replicaCheck("numbers ids the same way on every server", async (shop, replica) => {
    await Promise.all(
      [shop, replica].flatMap((open, r) =>
        Array.from({ length: 30 }, (_, i) => open.append([event(`u${(i * 7 + r) % 11}`, `i${(i * 5 + r * 3) % 17}`, { time: i })])),
      ),
    );
    await Promise.all([shop.putItems([{ id: "i3", properties: { n: 1 } }]), replica.putItems([{ id: "new", properties: { n: 2 } }])]);
    await Promise.all([shop.refresh(), replica.refresh()]);
    assert.equal(shop.size, 60);
    assert.deepEqual(await answers(replica), await answers(shop));
  }),
  replicaCheck("counts an event sent to two servers once", async (shop, replica) => {
    const results = await Promise.all(
      [shop, replica].flatMap((open) => Array.from({ length: 10 }, () => open.append([event("a", "x", { key: "k" })]))),
    );
    assert.equal(
      results.reduce((sum, { accepted }) => sum + accepted, 0),
      1,
    );
  }),
  replicaCheck("notifies listeners of another server's writes", async (shop, replica) => {
    const heard: unknown[] = [];
    replica.onEvents(({ length }) => heard.push(length));
    replica.documents.onChange("job", (key, body) => heard.push([key, body]));
    await shop.append([event("a", "x"), event("a", "y")]);
    await shop.documents.put("job", "1", "new");
    await shop.documents.delete("job", "1");
    await replica.refresh();
    // If the database announces commits, the listener may also have seen the document in between.
    assert.equal(heard[0], 2);
    assert.deepEqual(heard[heard.length - 1], ["1", undefined]);
  }),
  replicaCheck("forgets a user deleted by another server, along with pending writes", async (shop, replica) => {
    await shop.append([event("ann", "x"), event("bob", "x")]);
    await replica.refresh();
    replica.logImpression(impression("1", 1, "ann"));
    await shop.deleteUser("ann");
    await replica.refresh();
    replica.logImpression(impression("2", 2, "bob"));
    assert.deepEqual([replica.users.indexOf("ann"), replica.recent("ann").length, replica.size], [-1, 0, 1]);
    assert.deepEqual(
      (await all(replica.impressions())).map(({ id }) => id),
      ["2"],
    );
    await replica.append([event("ann", "z")]);
    await shop.refresh();
    assert.deepEqual(newest(shop, "ann"), newest(replica, "ann"));
    assert.deepEqual(shop.stats(), replica.stats());
  }),
  replicaCheck("forgets events dropped by another server", async (shop, replica) => {
    for (let i = 0; i < 40; i++) await shop.append([event("ann", `x${i % 3}`, { time: i })]);
    await replica.refresh();
    assert.equal(await shop.dropBefore(30), 30);
    await replica.append([event("ann", "x", { time: 50 })]);
    await shop.refresh();
    assert.equal(replica.recent("ann").length, 11);
    assert.deepEqual(await answers(replica), await answers(shop));
  }),
  replicaCheck("catches up with a log whose segments were merged in the meantime", async (shop, replica) => {
    const words = "words that make a segment large enough to be worth a merge with others, ".repeat(3);
    const write = async (from: number, to: number) => {
      for (let i = from; i < to; i++)
        await shop.append([event(`u${i % 5}`, `i${i % 7}`, { time: i, key: `k${i}`, context: { i, words } })]);
    };
    await write(0, 100);
    await replica.refresh();
    await write(100, 700);
    await shop.deleteUser("u1");
    await write(700, 800);
    await replica.refresh();
    assert.deepEqual(await answers(replica), await answers(shop));
    assert.equal((await replica.append([event("u2", "x", { key: "k650" })])).accepted, 0);
  }),
  check(
    "opens projects created by another server, and closes those it deleted",
    async ({ place, store, shop }) => {
      const replica = await place.open();
      try {
        const name = `${shop.name}-new`;
        const made = await store.createProject(name);
        await made.append([event("a", "x")]);
        await until(() => replica.projects().includes(name));
        assert.deepEqual(await all(replica.project(name).readEvents()), [stored(event("a", "x"))]);
        await store.deleteProject(name);
        await until(() => !replica.projects().includes(name));
      } finally {
        await replica.close();
      }
    },
    ({ shared }) => shared,
  ),
];

function replicaCheck(name: string, run: (shop: ProjectStore, replica: ProjectStore) => Promise<void>): StoreCheck {
  return check(
    name,
    async ({ shop, replica }) => run(shop, await replica()),
    (place) => place.shared,
  );
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(condition(), "the condition was not met within five seconds");
}
