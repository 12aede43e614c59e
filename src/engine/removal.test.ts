import { afterEach, expect, test } from "vitest";
import type { Answer } from "../pipeline/answer.ts";
import { Engines, view } from "./testing/engines.ts";

const engines = new Engines();
afterEach(() => engines.end());

const ids = ({ items }: Answer) => items.map(({ item }) => item);

test("a deleted event is gone from every list at once, and stays gone", async () => {
  const engine = await engines.start();
  const project = engine.project("default");
  await project.ingest([
    ...Array.from({ length: 3 }, (_, i) => ({ user: "eva", item: "watch", type: "purchase", time: Date.now() - 1000 + i })),
    { user: "eva", item: "strap", type: "view" },
    { user: "mia", item: "strap", type: "purchase" },
  ]);
  expect(ids(await project.recommend("popular", { user: "fay" }))[0]).toBe("strap");
  const events = project.recentEvents("eva");
  expect(new Set(events.map(({ id }) => id)).size).toBe(4);
  for (const { id, item } of events) if (item === "watch") await project.deleteEvent(id);
  const lists = async () => ({
    recent: ids(await project.recommend("recently-viewed", { user: "eva" })),
    popular: ids(await project.recommend("popular", { user: "fay" })),
    events: project.recentEvents("eva").map(({ item }) => item),
  });
  expect((await lists()).recent).toEqual(["strap"]);
  expect((await lists()).events).toEqual(["strap"]);
  expect((await lists()).popular[0]).toBe("strap");
  await expect(project.deleteEvent(events[0].id.replace(/^./, "z"))).rejects.toMatchObject({ code: "not-found" });
  await expect(project.deleteEvent("no id")).rejects.toMatchObject({ code: "not-found" });
});

test("equal events have ids of their own, and are deleted one by one", async () => {
  const project = (await engines.start()).project("default");
  const cup = { user: "uma", item: "cup", type: "purchase", time: Date.now() - 1000 };
  await project.ingest([cup, cup, cup]);
  const [third, second, first] = project.recentEvents("uma").map(({ id }) => id);
  expect(new Set([first, second, third]).size).toBe(3);
  await project.ingest([{ ...cup, item: "pot", time: cup.time + 1 }]);
  expect(project.recentEvents("uma", 4).map(({ id }) => id)).toEqual([expect.any(String), third, second, first]);
  await project.deleteEvent(third);
  await project.deleteEvent(second);
  await expect(project.deleteEvent(second)).rejects.toMatchObject({ code: "not-found" });
  expect(project.recentEvents("uma").map(({ id }) => id)).toEqual([expect.any(String), first]);
});

test("what a deleted user did counts in no list any more", async () => {
  const project = (await engines.start()).project("default");
  await project.ingest([...Array.from({ length: 20 }, (_, i) => view("bot", `b${i % 2}`, 59)), view("ann", "a", 59)]);
  await project.deleteUser("bot");
  expect(ids(await project.recommend("popular", {})).slice(0, 1)).toEqual(["a"]);
});

test("a merged visitor's events are in the user's lists, until the merge is taken back", async () => {
  const project = (await engines.start()).project("default");
  await project.ingest([view("anon", "tent", 10), view("anon", "stove", 20), view("nora", "map", 5), view("zoe", "rope", 30)]);
  const recent = async (user: string) => ids(await project.recommend("recently-viewed", { user })).toSorted();
  expect(await project.mergeUser("nora", "anon")).toBe(2);
  expect(await project.mergeUser("nora", "anon")).toBe(0);
  expect([await recent("nora"), await recent("anon")]).toEqual([["map", "stove", "tent"], []]);
  expect((await project.exportUser("nora")).merged).toEqual([{ user: "anon", time: expect.any(Number) }]);
  await expect(project.mergeUser("nora", "nobody")).rejects.toMatchObject({ code: "unknown-user" });
  await expect(project.mergeUser("nora", "nora")).rejects.toMatchObject({ code: "bad-input" });
  expect(await project.splitUser("nora", "anon")).toBe(2);
  expect([await recent("nora"), await recent("anon")]).toEqual([["map"], ["stove", "tent"]]);
  await expect(project.splitUser("nora", "anon")).rejects.toMatchObject({ code: "unknown-user" });
  await expect(project.splitUser("nora", "nora")).rejects.toMatchObject({ code: "unknown-user" });
  await Promise.all([project.mergeUser("nora", "anon"), project.mergeUser("anon", "nora").catch(() => {})]);
  expect((await recent("nora")).concat(await recent("anon"))).toHaveLength(3);
});
