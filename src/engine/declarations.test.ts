import { expect, test } from "vitest";
import { Declarations } from "./declarations.ts";

const config = { events: { view: 1, purchase: 5 }, items: { price: "number", title: "text" } } as const;

test("event types that aren't declared and mean nothing are named, with the near one", () => {
  const declarations = new Declarations(config);
  expect(declarations.among("event", ["view", "purchse", "like", "zzz"])).toEqual([
    { kind: "event", name: "purchse", near: "purchase" },
    { kind: "event", name: "zzz" },
  ]);
  expect(declarations.warnings("event", ["purchse"])?.[0]).toBe(
    'The configuration doesn\'t declare the event type "purchse". Did you mean purchase?',
  );
  expect(declarations.warnings("event", ["view"])).toBeUndefined();
});

test("properties are named only if a declared one is near", () => {
  const declarations = new Declarations(config);
  expect(declarations.among("item", ["price", "Price", "titel", "weather"])).toEqual([
    { kind: "item", name: "Price", near: "price" },
    { kind: "item", name: "titel", near: "title" },
  ]);
});

test("where nothing is declared, nothing is said", () => {
  const declarations = new Declarations({ events: {}, strict: true });
  expect(declarations.warnings("event", ["anything"])).toBeUndefined();
  expect(declarations.warnings("user", ["anything"])).toBeUndefined();
  expect(declarations.refusal("anything")).toBeUndefined();
  declarations.check("item", [{ id: "a", properties: { any: 1 } }]);
});

test("strict refuses all that isn't declared, also what has a built-in meaning", () => {
  const declarations = new Declarations({ ...config, strict: true });
  expect(declarations.refusal("view")).toBeUndefined();
  expect(declarations.refusal("like")).toMatch(/event type "like"/);
  expect(declarations.refusal("purchse")).toMatch(/Did you mean purchase/);
  expect(() => declarations.check("item", [{ id: "a", properties: { price: 1 } }])).not.toThrow();
  expect(() => declarations.check("item", [{ id: "jug", properties: { titel: "Jug" } }])).toThrow(
    /item "jug".*"titel".*Did you mean title/,
  );
  declarations.check("user", [{ id: "ann", properties: { any: 1 } }]);
});

test("an answer stays short however much is wrong", () => {
  const declarations = new Declarations(config);
  const names = Array.from({ length: 1000 }, (_, i) => `type-${i}-${"x".repeat(500)}`);
  const warnings = declarations.warnings("event", names) ?? [];
  expect(warnings.length).toBe(20);
  expect(Math.max(...warnings.map(({ length }) => length))).toBeLessThan(200);
});
