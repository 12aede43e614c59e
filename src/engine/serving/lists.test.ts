import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import type { RecommenderSpec } from "../../pipeline/recommender.gen.ts";
import type { Source } from "../../pipeline/source.ts";
import { RecoError } from "../../util/errors.ts";
import { Engines } from "../testing/engines.ts";

const engines = new Engines();
afterEach(() => engines.end());

const item = fc.nat(24).map((i) => `i${i}`);
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });

const entity = fc.record({
  id: item,
  hidden: fc.boolean(),
  expired: fc.boolean(),
  price: optional(fc.integer({ min: 0, max: 10 })),
  genre: optional(fc.constantFrom("x", "y", "z")),
});
const event = fc.record({
  user: fc.nat(5).map((u) => `u${u}`),
  item,
  type: fc.constantFrom("view", "purchase", "dislike"),
  ago: fc.integer({ min: 1, max: 1e6 }),
});
const sources: fc.Arbitrary<NonNullable<RecommenderSpec["sources"]>> = fc.uniqueArray(
  fc.constantFrom(
    ...(["trending", "popular", "newest", "recently-viewed", "buy-again", "content", "together", "model"] as const).map((kind) => ({
      kind,
    })),
  ),
  { maxLength: 4, selector: ({ kind }) => kind },
);
const spec: fc.Arbitrary<RecommenderSpec> = fc
  .record({
    sources,
    filter: optional(fc.constantFrom("price < 6", 'genre in ["x", "y"]', "not (price > 2)")),
    includeSeen: optional(fc.boolean()),
    seenBy: optional(fc.constantFrom(["view"], ["purchase", "view"])),
    boosts: optional(fc.constantFrom([{ by: "price" }], [{ by: 'if genre = "x" then 0 else 2' }])),
    pins: optional(fc.array(fc.record({ item, place: fc.integer({ min: 1, max: 6 }) }), { maxLength: 3 })),
    shares: optional(fc.constantFrom([{ of: 'genre = "z"', min: 0.5 }])),
    diversity: optional(fc.constantFrom({ kind: "mmr" as const, strength: 0.5 }, { kind: "dpp" as const, strength: 0.7 })),
    calibration: optional(fc.constantFrom({ by: "genre", strength: 0.5 })),
    exploration: optional(fc.constantFrom({ kind: "epsilon" as const, epsilon: 0.5 }, { kind: "thompson" as const })),
  })
  .map((fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)));

test("for any catalog, histories and rules: no disallowed items, no duplicates, and lists as long as possible", async () => {
  const engine = await engines.start({ items: { price: "number", genre: "category" } });
  let count = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(entity, { maxLength: 25 }),
      fc.array(event, { maxLength: 60 }),
      spec,
      fc.record({
        user: optional(fc.nat(6).map((u) => `u${u}`)),
        history: optional(fc.array(item, { maxLength: 5 })),
        k: fc.integer({ min: 1, max: 30 }),
        filter: optional(fc.constantFrom("price >= 1", 'genre != "y"')),
        exclude: optional(fc.array(item, { maxLength: 5 })),
        candidates: optional(fc.array(item, { maxLength: 12 })),
      }),
      async (entities, events, recommender, request) => {
        const project = await engine.createProject(`p${count++}`);
        const now = Date.now();
        await project.store.putItems(
          entities.map(({ id, hidden, expired, price, genre }) => ({
            id,
            properties: { ...(price !== undefined && { price }), ...(genre !== undefined && { genre }) },
            hidden,
            ...(expired && { expires: now - 1000 }),
          })),
        );
        await project.ingest(events.map(({ ago, ...rest }) => ({ ...rest, time: now - ago })));
        await project.putRecommender("mine", recommender);
        const { items, id, skipped } = await project.recommend("mine", request);

        // Computed from the rules and the input data.
        const described = new Map(entities.map((one) => [one.id, one]));
        const known = new Set([...described.keys(), ...events.map((one) => one.item)]);
        const filters = [recommender.filter, request.filter].filter((text) => text !== undefined);
        const holds: Record<string, (price: number | undefined, genre: string | undefined) => boolean> = {
          "price < 6": (price) => price !== undefined && price < 6,
          'genre in ["x", "y"]': (_, genre) => genre === "x" || genre === "y",
          "not (price > 2)": (price) => price !== undefined && price <= 2,
          "price >= 1": (price) => price !== undefined && price >= 1,
          'genre != "y"': (_, genre) => genre !== undefined && genre !== "y",
        };
        const aboutSeen = (recommender.sources ?? []).every(({ kind }) => kind === "recently-viewed" || kind === "buy-again");
        const includeSeen = recommender.includeSeen ?? aboutSeen;
        const seen = new Set(
          events.filter((one) => one.user === request.user && (recommender.seenBy?.includes(one.type) ?? true)).map((one) => one.item),
        );
        for (const one of request.history ?? []) if (recommender.seenBy?.includes("view") ?? true) seen.add(one);
        const allowed = [...known].filter((one) => {
          const about = described.get(one);
          if (about?.hidden || about?.expired) return false;
          if (!filters.every((text) => holds[text](about?.price, about?.genre))) return false;
          if (!includeSeen && seen.has(one)) return false;
          return !request.exclude?.includes(one) && (request.candidates?.includes(one) ?? true);
        });

        const served = items.map((one) => one.item);
        expect(new Set(served).size).toBe(served.length);
        for (const one of served) expect(allowed).toContain(one);
        expect(served.length).toBe(Math.min(request.k, allowed.length));
        for (const { propensity, score } of items) {
          expect(propensity).toBeGreaterThan(0);
          expect(propensity).toBeLessThanOrEqual(1);
          expect(Number.isFinite(score)).toBe(true);
        }
        expect(skipped.filter(({ reason }) => reason !== "not-ready" && reason !== "empty")).toEqual([]);
        expect(id).toHaveLength(18);
        await engine.deleteProject(project.name);
      },
    ),
    { numRuns: 150 },
  );
});

test("concurrent requests don't affect each other", async () => {
  const patient: Source = {
    name: "patient",
    candidates: async ({ allowed, k, random }) => {
      const mine = allowed.slice();
      await new Promise((resolve) => setTimeout(resolve, random.integer(8)));
      expect(allowed).toEqual(mine);
      const items = Uint32Array.from(allowed.keys()).filter((one) => allowed[one] === 1);
      return { items: items.slice(0, k), scores: new Float32Array(Math.min(k, items.length)).fill(1) };
    },
  };
  const home: RecommenderSpec = {
    sources: [{ kind: "custom", source: patient, deadline: 10_000 }, { kind: "popular" }],
    filter: "price < 25",
  };
  const project = (await engines.start({ recommenders: { home } })).project("default");
  await project.store.putItems(Array.from({ length: 30 }, (_, i) => ({ id: `i${i}`, properties: { price: i } })));
  await project.ingest(Array.from({ length: 8 }, (_, u) => ({ user: `u${u}`, item: `i${u}`, type: "view", time: Date.now() })));
  const answers = Array.from({ length: 80 }, async (_, n) => {
    const request = {
      user: `u${n % 8}`,
      k: 30,
      seed: n,
      filter: `price >= ${n % 5}`,
      exclude: [`i${10 + (n % 9)}`],
      ...(n % 3 === 0 && { candidates: ["i20", "i21", "i29"] }),
    };
    const { items, skipped } = await project.recommend("home", request);
    const allowed = Array.from({ length: 25 }, (_, i) => i).filter(
      (i) => i >= n % 5 && i !== n % 8 && i !== 10 + (n % 9) && (n % 3 !== 0 || i === 20 || i === 21),
    );
    expect(items.map(({ item }) => Number(item.slice(1))).sort((a, b) => a - b)).toEqual(allowed);
    expect(skipped.filter(({ reason }) => reason !== "empty")).toEqual([]);
  });
  // Meanwhile the catalog changes.
  await project.store.putItems([{ id: "i40", properties: { price: 100 } }]);
  await Promise.all(answers);
});

test("all kinds of requests, valid and invalid, get a list or an error with a code", async () => {
  const engine = await engines.start();
  const project = engine.project("default");
  await project.store.putItems(Array.from({ length: 10 }, (_, i) => ({ id: `i${i}`, properties: { price: i } })));
  await project.ingest(
    Array.from({ length: 30 }, (_, i) => ({ user: `u${i % 5}`, item: `i${i % 10}`, type: "view", time: Date.now() - i })),
  );
  const names = Object.keys(project.recommenders());
  const text = fc.oneof(item, fc.string({ maxLength: 20 }));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.record(
        {
          user: text,
          items: fc.array(text, { maxLength: 3 }),
          history: fc.array(fc.oneof(text, fc.record({ item: text, value: fc.double(), type: text }, { requiredKeys: ["item"] })), {
            maxLength: 4,
          }),
          k: fc.integer({ min: -2, max: 1100 }),
          filter: fc.oneof(fc.constantFrom("price > 3", "$a > price", "context.x = 1"), text),
          boosts: fc.array(fc.record({ by: fc.oneof(fc.constant("price"), text) }), { maxLength: 2 }),
          parameters: fc.dictionary(text, fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null))),
          candidates: fc.array(text, { maxLength: 4 }),
          exclude: fc.array(text, { maxLength: 4 }),
          why: fc.array(text, { maxLength: 4 }),
          trace: fc.boolean(),
          seed: fc.integer(),
        },
        { requiredKeys: [] },
      ),
      async (name, request) => {
        try {
          const { items } = await project.recommend(name, request);
          expect(items.length).toBeLessThanOrEqual(request.k ?? 10);
        } catch (error) {
          expect(error).toBeInstanceOf(RecoError);
          expect((error as RecoError).code).toMatch(/^(bad-input|bad-expression|unknown-item)$/);
        }
      },
    ),
    { numRuns: 400 },
  );
});
