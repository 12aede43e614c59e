import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventInput } from "../data/events.ts";
import { ingest } from "./ingest.ts";

const now = Date.UTC(2026, 5, 1);
const clock = { now, skew: 300_000 };
const good: EventInput = { user: "ann", item: "m1", type: "view", time: now - 1000 };

function log(eventTypes: readonly string[] = []) {
  const appended: EventInput[] = [];
  return {
    appended,
    eventTypes,
    append: async (events: readonly EventInput[]) => {
      appended.push(...events);
      return { accepted: events.length, duplicates: 0 };
    },
  };
}

async function complaint(change: Record<string, unknown>) {
  const { refused } = await ingest(log(), [{ ...good, ...change } as EventInput], clock);
  return refused[0]?.message;
}

describe("an event is refused, with the reason, when", () => {
  test.each([
    [{ user: undefined }, "user is missing."],
    [{ user: "" }, "user is empty."],
    [{ user: 7 }, "user must be text, but is 7."],
    [{ item: "x".repeat(513) }, "item has 513 characters; at most 512 are allowed."],
    [{ item: "a\u0000b" }, "item contains control characters or is not valid Unicode."],
    [{ item: "a\ud800b" }, "item contains control characters or is not valid Unicode."],
    [{ type: "t".repeat(65) }, "type has 65 characters; at most 64 are allowed."],
    [{ value: Number.NaN }, "value must be a finite number, but is NaN."],
    [{ value: 1e39 }, "value must be within ±3.4e38, but is 1e+39."],
    [{ value: "5" }, 'value must be a finite number, but is "5".'],
    [{ time: Number.NaN }, "time must be milliseconds since 1970 or ISO 8601 text, but is NaN."],
    [{ time: now / 1000 }, "before 1990-01-01. Times are milliseconds since 1970: multiply seconds by 1,000."],
    [{ time: now + 300_001 }, "time is 301 seconds ahead of the server's clock; at most 300 are allowed."],
    [{ time: "yesterday" }, 'time must be a time with a time zone, such as 2026-03-01T12:00:00Z, but is "yesterday".'],
    [{ time: "2026-01-01T00:00:00" }, "time must be a time with a time zone"],
    [{ time: "2026-13-45T00:00:00Z" }, "time must be a time with a time zone"],
    [{ time: "2026-19-31T00:00:00Z" }, "time is a date that does not exist."],
    [{ session: "" }, "session is empty."],
    [{ user: "." }, 'user is ".", which no URL can hold'],
    [{ item: ".." }, 'item is "..", which no URL can hold'],
    [{ key: 5 }, "key must be text, but is 5."],
    [{ recommendation: "\n" }, "recommendation contains control characters"],
    [{ context: [] }, "context must be an object, but is a list."],
    [{ context: { a: { b: 1 } } }, "context.a must be text, a finite number, true or false, but is an object."],
    [{ context: { a: "x".repeat(1025) } }, "context.a has 1025 characters"],
    [{ context: { "": 1 } }, "The name of a context entry is empty."],
    [
      { context: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`k${i}`, i])) },
      "context has 33 entries; at most 32 are allowed.",
    ],
    [{ valu: 3 }, 'Unknown field "valu". Did you mean value?'],
  ])("it has %j", async (change, message) => {
    expect(await complaint(change)).toContain(message);
  });
  test("it is not an object", async () => {
    const { refused } = await ingest(log(), [null, 3, [good]] as unknown as EventInput[], clock);
    expect(refused.map(({ index }) => index)).toEqual([0, 1, 2]);
  });
});

test("ids may contain any printable text: slashes, emoji, 512 characters", async () => {
  for (const item of ["a/b", "../..", "...", "%2E", "🎬", "ß ö", "x".repeat(512), "__proto__"])
    expect(await complaint({ item })).toBeUndefined();
  expect(await complaint({ value: -2.5, context: { device: "phone", place: "", returning: true } })).toBeUndefined();
});

test("a time within the allowed skew is set to now, and other times don't change", async () => {
  const store = log();
  await ingest(store, [{ ...good, time: now + 299_000 }, good], clock);
  expect(store.appended.map(({ time }) => time)).toEqual([now, good.time]);
});

test("refused events are reported by their index in the batch, and the others are stored", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 30 }), async (usable) => {
      const store = log();
      const events = usable.map((ok, i) => (ok ? { ...good, item: `m${i}` } : { ...good, item: "" }));
      const result = await ingest(store, events, clock);
      expect(result.accepted).toBe(usable.filter((ok) => ok).length);
      expect(result.refused.map(({ index }) => index)).toEqual([...usable.keys()].filter((i) => !usable[i]));
      expect(store.appended).toEqual(events.filter((_, i) => usable[i]));
    }),
  );
});

test("a type beyond the limit of 256 per project is refused, and known types are still accepted", async () => {
  const store = log(Array.from({ length: 255 }, (_, i) => `t${i}`));
  const { accepted, refused } = await ingest(
    store,
    ["a", "b", "a", "t7"].map((type) => ({ ...good, type })),
    clock,
  );
  expect(accepted).toBe(3);
  expect(refused).toEqual([{ index: 1, path: "/type", message: expect.stringContaining('The event type "b" is new') }]);
});
