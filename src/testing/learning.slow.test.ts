import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Engine } from "../engine/engine.ts";
import { openEngine } from "../engine/open-engine.ts";
import type { ShopOptions } from "../simulate/index.ts";
import { type Served, ServedShop, total } from "./served-shop.ts";

const size = { seed: 3, items: 400, visitors: 600, visitsPerDay: 400 };
let engine: Engine;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  // Only the tests start fits, so the outcome doesn't depend on the speed of the machine.
  engine = await openEngine({ store: "memory", training: { every: "1000d", afterEvents: 1_000_000 } });
});
afterAll(async () => {
  await engine.close();
  vi.useRealTimers();
});

function open(name: string, options: ShopOptions): Promise<ServedShop> {
  return ServedShop.open(engine, name, options, (time) => vi.setSystemTime(time));
}

const rate = ({ clicks, expected }: Served) => `${clicks.toFixed(3)} clicks a list (${expected.toFixed(3)} by the truth)`;

test("a learning service gets far more clicks than popularity, from the same visitors with the same random draws", async () => {
  const personal = await open("personal", size);
  const popular = await open("popular", size);
  await personal.train();
  const rounds: { readonly personal: Served; readonly popular: Served }[] = [];
  for (let round = 0; round < 2; round++) {
    rounds.push({ personal: await personal.serve("for-you", 200), popular: await popular.serve("popular", 200) });
    await personal.train();
  }
  for (const { personal, popular } of rounds) {
    expect(personal.visits.map(({ visitor, mission }) => [visitor, mission])).toEqual(
      popular.visits.map(({ visitor, mission }) => [visitor, mission]),
    );
    console.log(`for-you ${rate(personal)}, popular ${rate(popular)}`);
    expect(personal.expected).toBeGreaterThan(1.3 * popular.expected);
    expect(personal.clicks).toBeGreaterThan(1.3 * popular.clicks);
  }
});

test("after tastes change, the service falls behind and catches up as it learns", async () => {
  const few = { ...size, visitors: 80 };
  const learning = await open("learning", few);
  const frozen = await open("frozen", few);
  await Promise.all([learning.train(), frozen.train()]);
  const before = await learning.serve("for-you", 200);
  await frozen.pass(200);
  learning.shop.changeTastes(1);
  frozen.shop.changeTastes(1);
  for (let round = 0; round < 8; round++) {
    await learning.serve("for-you", 200);
    await learning.train();
    await frozen.pass(200);
  }
  const after = { learning: await learning.serve("for-you", 200), frozen: await frozen.serve("for-you", 200) };
  console.log(`before ${rate(before)}; 1,600 visits after the change ${rate(after.learning)}; without learning ${rate(after.frozen)}`);
  expect(after.frozen.expected).toBeLessThan(0.8 * before.expected);
  expect(after.learning.expected).toBeGreaterThan(1.2 * after.frozen.expected);
});

test("with some exploration, every new item is shown within a bounded number of visits", async () => {
  const served = await open("new-items", size);
  // A fifth of the places go to any of some 200 candidates, including the newest items: each gets one place in a thousand.
  const sources = [{ kind: "model" }, { kind: "content" }, { kind: "newest" }] as const;
  await served.project.putRecommender("curious", { sources, exploration: { kind: "epsilon", epsilon: 0.2 } });
  await served.train();
  const made = served.shop.publish(5).map(({ id }) => id);
  await served.tellNews();
  const first = new Map<string, number>();
  for (let visits = 1; visits <= 400 && first.size < made.length; visits++) {
    const { pages } = (await served.serve("curious", 1)).visits[0];
    for (const id of made) if (!first.has(id) && pages.some(({ shown }) => shown.items.includes(id))) first.set(id, visits);
  }
  console.log(`visits until a new item was shown: ${made.map((id) => first.get(id) ?? "never").join(", ")}`);
  expect(first.size).toBe(made.length);
});

test("reweighted logs of exploration estimate how popularity alone would have performed", async () => {
  const served = await open("exploring", size);
  const sources = [{ kind: "popular" }] as const;
  await served.project.putRecommender("plain", { sources });
  await served.project.putRecommender("exploring", { sources, exploration: { kind: "epsilon", epsilon: 0.7 } });
  const { plain, pages } = await explored(served, 1500);
  const propensities = new Map<string, ArrayLike<number>>();
  for await (const answer of served.project.store.impressions()) propensities.set(answer.id, answer.propensities);

  // Inverse propensity scoring (Horvitz and Thompson 1952): a click counts if the list shows what popularity alone would have shown there.
  const estimates = pages.map(({ shown, clicks }, n) => {
    const shares = propensities.get(shown.id ?? "") ?? [];
    return total(clicks.map((place) => (shown.items[place] === plain[n][place] ? 1 / shares[place] : 0)));
  });
  const truth = total(pages.map((page, n) => total(page.clickProbabilities(plain[n])))) / pages.length;
  const weighted = estimate(estimates);
  const plainly = estimate(pages.map(({ clicks }) => clicks.length));
  console.log(
    `popularity: ${truth.toFixed(3)} clicks a list by the truth, ${weighted.mean.toFixed(3)} ±${weighted.half.toFixed(3)} estimated; exploring: ${plainly.mean.toFixed(3)} ±${plainly.half.toFixed(3)}`,
  );
  expect(Math.abs(weighted.mean - truth)).toBeLessThan(weighted.half);
  // Without the weights, the estimate is wrong by more than chance.
  expect(truth - plainly.mean).toBeGreaterThan(plainly.half);
});

/** A mean and the half-width of its 99% interval. */
function estimate(values: readonly number[]): { readonly mean: number; readonly half: number } {
  const mean = total(values) / values.length;
  return { mean, half: (2.58 * Math.sqrt(total(values.map((value) => (value - mean) ** 2)))) / values.length };
}

/** Visits served by `exploring`, with what `plain` would have shown on each page. */
async function explored(served: ServedShop, count: number) {
  const plain: (readonly string[])[] = [];
  const pages: Served["visits"][number]["pages"][number][] = [];
  for (let i = 0; i < count; i++) {
    const visit = await served.shop.visit(async (request) => {
      plain.push((await served.list("plain", request)).items);
      return served.list("exploring", request);
    });
    pages.push(...visit.pages);
  }
  return { plain, pages };
}
