import fc from "fast-check";
import { Compile } from "typebox/compile";
import { describe, expect, test } from "vitest";
import { checkEvents, Event, eventFlaw, MOST_TYPES } from "./events.ts";
import { anyEvent } from "./testing/any-event.ts";

const now = Date.UTC(2026, 5, 1);
const clock = { now, skew: 300_000 };
const good = { user: "ann", item: "m1", type: "view" };

test("the check and the schema agree on every event, and a flaw names a place that is there", () => {
  const compiled = Compile(Event);
  const seen = new Set<boolean>();
  fc.assert(
    fc.property(anyEvent, (event) => {
      const flaw = eventFlaw(event);
      expect(flaw === undefined, flaw?.message ?? "fits by the check").toBe(compiled.Check(event));
      if (flaw !== undefined) expect(flaw.path).toMatch(/^(\/|$)/);
      seen.add(flaw === undefined);
    }),
    { numRuns: 3000 },
  );
  expect(seen.size, "both kinds were tried").toBe(2);
});

describe("a checked event", () => {
  test("stays what it was when the one that came is changed", () => {
    const event = { ...good, time: now - 1, session: "s" };
    const { valid } = checkEvents([event], clock);
    event.user = "";
    expect(valid).toEqual([{ ...good, time: now - 1, session: "s" }]);
  });

  test.each([
    [undefined, now],
    [now + 299_000, now],
    ["2026-01-01T00:00:00+01:00", Date.UTC(2025, 11, 31, 23)],
    [1_767_225_600_000.5, 1_767_225_600_000.5],
  ])("of time %s happened at %s", (time, expected) => {
    expect(checkEvents([{ ...good, time }], clock).valid[0].time).toBe(expected);
  });

  test("may count below zero, and in any number that single precision holds", () => {
    for (const value of [-1, -2.5, 0, 3.4028234663852886e38, -3.4028234663852886e38])
      expect(checkEvents([{ ...good, value }], clock)).toMatchObject({ valid: [{ value }], refused: [] });
  });

  test("may have ids of 512 characters, of which one may take two places", () => {
    for (const item of ["x".repeat(512), "😀".repeat(512)]) expect(checkEvents([{ ...good, item }], clock).valid).toHaveLength(1);
    expect(checkEvents([{ ...good, item: "😀".repeat(513) }], clock).refused[0].message).toContain("513 characters");
  });
});

test("a context cannot reach a prototype", () => {
  const context = JSON.parse('{"__proto__": "x"}') as Record<string, string>;
  expect(checkEvents([{ ...good, context }], clock).refused).toMatchObject([{ index: 0, path: "/context/__proto__" }]);
});

test("types are counted over the project and the batch together", () => {
  const known = Array.from({ length: MOST_TYPES - 1 }, (_, i) => `t${i}`);
  const { valid, refused } = checkEvents(
    ["a", "b", "a", "t7"].map((type) => ({ ...good, type })),
    clock,
    known,
  );
  expect(valid.map(({ type }) => type)).toEqual(["a", "a", "t7"]);
  expect(refused).toMatchObject([{ index: 1, path: "/type" }]);
});
