import assert from "node:assert/strict";
import { all, check, event, hasCode, openedTwice, type StoreCheck } from "./session.ts";

export const documentChecks: readonly StoreCheck[] = [
  check("keeps documents by kind and key, and notifies listeners", async (session) => {
    const { shop } = session;
    const { documents } = shop;
    const heard: unknown[] = [];
    documents.onChange("job", (key, body) => heard.push([key, body]));
    await documents.put("job", "b", { state: "waiting", when: new Date(0), nothing: undefined });
    await Promise.all([documents.put("job", "a", [1]), documents.put("job", "b", "done"), documents.put("note", "b", null)]);
    assert.deepEqual(heard, [
      ["b", { state: "waiting", when: "1970-01-01T00:00:00.000Z" }],
      ["a", [1]],
      ["b", "done"],
    ]);
    for await (const open of openedTwice(session)) {
      assert.equal(open.documents.get("job", "b"), "done");
      assert.equal(open.documents.get("note", "b"), null);
      assert.equal(open.documents.get("job", "c"), undefined);
      assert.deepEqual(open.documents.list("job"), [
        { key: "a", body: [1] },
        { key: "b", body: "done" },
      ]);
    }
  }),
  check("deletes documents", async ({ shop, reopen }) => {
    await shop.documents.put("job", "a", 1);
    assert.deepEqual(await Promise.all([shop.documents.delete("job", "a"), shop.documents.delete("job", "a")]), [true, false]);
    assert.deepEqual(shop.documents.list("job"), []);
    assert.equal((await reopen()).documents.get("job", "a"), undefined);
  }),
  check("rejects reserved kinds and empty documents", async ({ shop }) => {
    for (const kind of ["item", "user", ".log"]) {
      await assert.rejects(shop.documents.put(kind, "a", 1), hasCode("bad-input", [kind]));
      assert.throws(() => shop.documents.get(kind, "a"), hasCode("bad-input"));
    }
    await assert.rejects(shop.documents.put("job", "a", undefined), hasCode("bad-input"));
    const [bad, good] = await Promise.allSettled([shop.documents.put("job", "a\0", 1), shop.documents.put("job", "b", 1)]);
    assert.deepEqual([bad.status, good.status], ["rejected", "fulfilled"]);
  }),
  check("keeps server documents apart from all projects", async ({ store, shop, reopen, place }) => {
    const kind = `kind of ${shop.name}`;
    await store.documents.put(kind, "k", { hash: "…" });
    assert.equal(shop.documents.get(kind, "k"), undefined);
    assert.ok(store.projects().includes(shop.name));
    assert.ok(store.projects().every((name) => /^[a-z0-9_-]+$/.test(name)));
    await reopen();
    if (!place.shared) return;
    const replica = await place.open();
    assert.deepEqual(replica.documents.get(kind, "k"), { hash: "…" });
    await replica.documents.delete(kind, "k");
    await replica.close();
  }),
  check("keeps large values by name", async ({ shop, reopen }) => {
    const bytes = new Uint8Array(3_000_000).map((_, i) => i * 31);
    await shop.blobs.put("model", [bytes.slice(0, 10), bytes.slice(10)]);
    const open = await reopen();
    assert.deepEqual(await open.blobs.list(), [{ name: "model", bytes: 3_000_000 }]);
    assert.ok(Buffer.concat(await all(open.blobs.get("model"))).equals(bytes));
    await open.blobs.delete("model");
    await assert.rejects(all(open.blobs.get("model")), hasCode("not-found"));
  }),
  check("allows one leader at a time", async ({ shop }) => {
    const release = await shop.lead();
    assert.ok(release !== undefined);
    assert.equal(await shop.lead(), undefined);
    await release();
    const again = await shop.lead();
    assert.ok(again !== undefined);
    await again();
  }),
  check("rejects calls after closing", async ({ shop, store, reopen }) => {
    const { size } = shop;
    await reopen();
    await assert.rejects(shop.append([event("a", "x")]), hasCode("aborted"));
    await assert.rejects(store.documents.put("kind", "key", 1), hasCode("aborted"));
    assert.equal(shop.size, size);
  }),
];
