import assert from "node:assert/strict";
import type { Impression } from "../../store/store.ts";
import { all, check, openedTwice, type StoreCheck } from "./session.ts";

/** A shown list of two items, as it is read back. */
export function impression(id: string, time: number, user: string | undefined, more: Partial<Impression> = {}): Impression {
  return {
    id,
    time,
    ...(user === undefined ? {} : { user }),
    recommender: "for-you",
    items: ["x", "y"],
    scores: Float32Array.of(2, 1),
    propensities: Float32Array.of(1, 1),
    features: { ease: Float32Array.of(0.5, Number.NaN) },
    ...more,
  };
}

const varied: readonly Impression[] = [
  impression("1", 1000, "ann"),
  impression("2", 2000.5, undefined, {
    recommender: "similar",
    variant: { experiment: "titles", variant: "b" },
    propensities: Float32Array.of(0.25, 1),
    features: {},
  }),
  impression("3", 3000, "bob 🧀", { items: [], scores: [], propensities: [], features: { ease: [] } }),
  impression("4", 4000, "ann", { items: ["z"], scores: [1], propensities: [0.1], features: { als: [7], trending: [Number.NaN] } }),
];

export const impressionChecks: readonly StoreCheck[] = [
  check("keeps impressions unchanged", async (session) => {
    const { shop } = session;
    const scores = Float32Array.of(2, 1);
    for (const impression of varied) shop.logImpression({ ...impression, ...(impression.id === "1" ? { scores } : {}) });
    // The caller may reuse its arrays.
    scores.fill(99);
    for await (const open of openedTwice(session)) {
      if (open === shop) assert.equal((await all(open.impressions())).length, 4);
      else assert.deepEqual((await all(open.impressions())).map(plain), varied.map(plain));
    }
  }),
  check("reads the impressions since a time", async ({ shop }) => {
    for (let i = 0; i < 1500; i++) shop.logImpression(impression(`${i}`, i, `u${i % 3}`));
    assert.deepEqual(
      (await all(shop.impressions(1498))).map(({ id }) => id),
      ["1498", "1499"],
    );
    assert.equal((await all(shop.impressions())).length, 1500);
  }),
  check("writes impressions on its own, and pending ones when closed", async ({ shop, reopen }) => {
    for (let i = 0; i < 501; i++) shop.logImpression(impression(`${i}`, i, "ann"));
    assert.equal((await all((await reopen()).impressions())).length, 501);
  }),
];

function plain({ scores, propensities, features, ...rest }: Impression): unknown {
  const lists = Object.entries(features).map(([name, values]) => [name, Array.from(Float32Array.from(values))]);
  return { ...rest, lists, scores: Array.from(Float32Array.from(scores)), propensities: Array.from(Float32Array.from(propensities)) };
}
