import { afterEach, expect, test } from "vitest";
import { Engines, view } from "../testing/engines.ts";
import { outcomesOf } from "./outcomes.ts";

const engines = new Engines();
afterEach(() => engines.end());

test("an event is attributed to the impression it names, if it showed the item and is less than a day old", async () => {
  const project = (await engines.start()).project("default");
  await project.ingest(["a", "b", "c"].map((item) => view("ann", item)));
  const shown = async () => {
    const { id, items } = await project.recommend("popular", { user: "bob" });
    expect(items).toHaveLength(3);
    return id;
  };
  const shownIds = [await shown(), await shown(), await shown()];
  const now = Date.now();
  const click = { user: "bob", type: "click", time: now };
  await project.ingest([
    { ...click, item: "b", recommendation: shownIds[0] },
    { ...click, item: "b", recommendation: shownIds[0], type: "purchase", value: 7 },
    { ...click, item: "elsewhere", recommendation: shownIds[0] },
    { ...click, item: "c", recommendation: shownIds[1], type: "purchase", value: 2 },
    { ...click, item: "c", recommendation: shownIds[1], type: "purchase", value: 3 },
    { ...click, item: "a", recommendation: "made up" },
    { ...click, item: "a" },
  ]);
  const { eventTypes } = project.store;
  const value = { gain: (type: number, amount: number) => (eventTypes[type] === "purchase" ? amount : 0), adds: true };
  const largest = { gain: (type: number) => (eventTypes[type] === "purchase" ? 5 : 1), adds: false };
  const pause = async () => {};
  const later = { from: 0, now: now + 60_000, most: 100, pause };
  const gains = async (objective: Parameters<typeof outcomesOf>[1], options = later) => {
    const { outcomes, seen, unripe } = await outcomesOf(project.store, objective, options);
    return {
      seen,
      unripe,
      gains: outcomes.map(({ impression, gains }) => Object.fromEntries(impression.items.map((item, i) => [item, gains[i]]))),
    };
  };
  expect(await gains(value)).toEqual({
    seen: 3,
    unripe: 0,
    gains: [
      { a: 0, b: 7, c: 0 },
      { a: 0, b: 0, c: 5 },
      { a: 0, b: 0, c: 0 },
    ],
  });
  expect((await gains(largest)).gains).toEqual([
    { a: 0, b: 5, c: 0 },
    { a: 0, b: 0, c: 5 },
    { a: 0, b: 0, c: 0 },
  ]);
  // The purchase of b is returned.
  await project.ingest([{ user: "bob", item: "b", type: "return", time: now + 1 }]);
  const takesBack = (type: number, _: number, other: number) => eventTypes[type] === "return" && eventTypes[other] === "purchase";
  expect((await gains({ ...value, takesBack })).gains[0]).toEqual({ a: 0, b: 0, c: 0 });
  expect((await gains({ ...largest, takesBack })).gains).toEqual([
    { a: 0, b: 1, c: 0 },
    { a: 0, b: 0, c: 5 },
    { a: 0, b: 0, c: 0 },
  ]);
  // The third was served a moment ago, so it is too early to judge.
  expect(await gains(largest, { ...later, now })).toMatchObject({ unripe: 1, gains: [{}, {}] });
  expect(await gains(largest, { ...later, most: 1 })).toEqual({ seen: 3, unripe: 0, gains: [{ a: 0, b: 0, c: 0 }] });
  expect(await gains(largest, { ...later, from: now + 1 })).toEqual({ seen: 0, unripe: 0, gains: [] });
});
