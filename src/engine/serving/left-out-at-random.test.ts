import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import type { ServerConfig } from "../config/config.ts";
import { Engines } from "../testing/engines.ts";

const engines = new Engines();
afterEach(() => engines.end());

const users = ["ann", "bob"];
const items = Array.from({ length: 12 }, (_, i) => `i${i}`);
const START = Date.now() - 1e8;

interface Done {
  readonly user: string;
  readonly item: string;
  readonly type: string;
  readonly time: number;
}

const batch = fc.record({
  count: fc.integer({ min: 1, max: 260 }),
  seed: fc.nat(1e6),
  user: fc.constantFrom(...users),
  /** Mostly views, so that other events get old. */
  views: fc.constantFrom(0, 0.5, 0.97),
});
const step = fc.oneof(
  { weight: 6, arbitrary: batch },
  { weight: 1, arbitrary: fc.record({ forget: fc.constantFrom(...users) }) },
  { weight: 1, arbitrary: fc.record({ before: fc.integer({ min: 0, max: 40_000 }) }) },
  { weight: 1, arbitrary: fc.constant("restart" as const) },
);

/** Items out of a user's list, by going through all events in the order of their times. */
function outOf(events: readonly Done[], user: string): string[] {
  const bought = new Set<string>();
  const hidden = new Set<string>();
  for (const { item, type } of events.filter((one) => one.user === user).sort((a, b) => a.time - b.time)) {
    if (type === "purchase") bought.add(item);
    if (type === "return") bought.delete(item);
    if (type === "hide") hidden.add(item);
    if (type === "unhide") hidden.delete(item);
  }
  return [...new Set([...bought, ...hidden])].sort();
}

test("what is left out of a list is what a scan of all events says, after any events in any order, deletions and restarts", async () => {
  const config: ServerConfig = { recommenders: { shelf: { sources: [{ kind: "popular" }], seenBy: ["purchase"] } } };
  const types = ["purchase", "return", "hide", "unhide"];
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 9 }), async (steps) => {
      const store = await engines.database();
      let engine = await engines.start({ ...config, store });
      let events: Done[] = [];
      const times = new Set<number>();
      await engine.project("default").putItems(items.map((id) => ({ id, properties: {} })));
      for (const next of steps) {
        const project = engine.project("default");
        if (next === "restart") {
          await engines.stop(engine);
          engine = await engines.start({ ...config, store });
        } else if ("forget" in next) {
          await project.deleteUser(next.forget);
          events = events.filter(({ user }) => user !== next.forget);
        } else if ("before" in next) {
          await project.store.dropBefore(START + next.before);
          events = events.filter(({ time }) => time >= START + next.before);
        } else {
          let state = next.seed + 1;
          const random = (most: number) => {
            state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
            return Math.floor((state / 2 ** 32) * most);
          };
          const more: Done[] = [];
          for (let i = 0; i < next.count; i++) {
            const time = START + random(100_000);
            const type = random(1000) < next.views * 1000 ? "view" : types[random(4)];
            if (times.has(time)) continue;
            times.add(time);
            more.push({ user: next.user, item: items[random(items.length)], type, time });
          }
          if (more.length > 0) await project.ingest(more);
          events.push(...more);
        }
        for (const user of users) {
          const answer = await engine.project("default").recommend("shelf", { user, k: 100 });
          const listed = new Set(answer.items.map(({ item }) => item));
          expect(items.filter((item) => !listed.has(item)).sort()).toEqual(outOf(events, user));
        }
      }
      await engines.stop(engine);
    }),
    { numRuns: 12 },
  );
});
