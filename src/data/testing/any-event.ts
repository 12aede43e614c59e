import fc from "fast-check";

const id = fc.oneof(
  { arbitrary: fc.string({ minLength: 1, maxLength: 20 }), weight: 6 },
  fc.constantFrom("", "😀".repeat(300), "x".repeat(512), "x".repeat(513), "a\u0000b", "a\ud800b", "tab\tbed", "__proto__", ".", ".."),
);
const label = fc.oneof(
  { arbitrary: fc.constantFrom("view", "buy", "ä"), weight: 6 },
  fc.constantFrom("t".repeat(64), "t".repeat(65), "\u0085", ""),
);
const contextValue = fc.oneof(
  fc.string(),
  fc.double(),
  fc.boolean(),
  fc.constantFrom<unknown>(null, [], {}, "x".repeat(1024), "x".repeat(1025), "\n"),
);
const context = fc.oneof(
  { arbitrary: fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), contextValue, { maxKeys: 3 }), weight: 6 },
  fc.dictionary(fc.string({ maxLength: 70 }), fc.boolean(), { maxKeys: 40 }),
  fc.constant(JSON.parse('{"__proto__":1}') as unknown),
);
const value = fc.oneof(
  { arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), weight: 6 },
  fc.constantFrom(-1, 1e39, -1e39, 3.4028234663852886e38, -3.4028235e38),
);
const time = fc.oneof(
  { arbitrary: fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2026, 0, 1) }), weight: 6 },
  fc.constantFrom<unknown>("2026-01-01T00:00:00Z", "2026-01-01T10:30:00.5+02:00", 1_767_225_600, -5, 1e15, "yesterday", ""),
);

/** What may stand in any field and seldom fits. */
const nasty = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom<unknown>(7, "", null, [], {}, true));

const fields = { user: id, item: id, type: label, value, time, session: id, context, recommendation: id, key: id };
const likely = fc.record(fields as Record<keyof typeof fields, fc.Arbitrary<unknown>>, { requiredKeys: ["user", "item", "type"] });

/** Events as JSON may bring them, usable ones and others, for tests of whatever takes events. */
export const anyEvent: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: likely, weight: 8 },
  { arbitrary: fc.tuple(likely, fc.constantFrom(...Object.keys(fields), "usr", ""), nasty).map(spoil), weight: 4 },
  fc.record({ user: id, item: id }),
  nasty,
);

function spoil([event, name, bad]: [Readonly<Record<string, unknown>>, string, unknown]): unknown {
  return { ...event, [name]: bad };
}
