import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventWeights } from "../../pipeline/event-weights.ts";
import { ItemAudiences } from "./item-audiences.ts";
import { itemsToUsers } from "./items-to-users.ts";
import { similarUsers } from "./similar-users.ts";

/** A view counts in favor, a dislike against. */
const weights: EventWeights = { types: ["view", "dislike"], of: (type) => [1, -3][type] };

/** Users are 0, 1, …, each with the items they had, oldest first. */
function world(histories: readonly (readonly number[])[]) {
  const audiences = new ItemAudiences(weights);
  for (const [user, items] of histories.entries()) {
    const length = items.length;
    audiences.observe({
      length,
      user: new Uint32Array(length).fill(user),
      item: Uint32Array.from(items),
      type: new Uint8Array(length),
      value: new Float64Array(length).fill(1),
      time: new Float64Array(length),
    });
  }
  const store = {
    users: { size: histories.length, id: (index: number) => `u${index}`, indexOf: (id: string) => Number(id.slice(1)) },
    older: () => undefined,
    recent: (id: string) => {
      const items = histories[Number(id.slice(1))];
      const length = items.length;
      return {
        length,
        item: Uint32Array.from(items).reverse(),
        type: new Uint8Array(length),
        value: new Float64Array(length),
        time: new Float64Array(length),
      };
    },
  };
  return { audiences, store };
}

describe("users similar to a user", () => {
  // Everyone knows item 0; few know 8 and 9.
  const { audiences, store } = world([[0, 8, 9], [0, 8, 9], [0, 8, 5], [0, 1], [0, 2], [3]]);
  test("are those who share rare items, best first, without the user", () => {
    const { users, scores } = similarUsers(store, audiences, weights, Uint32Array.of(0, 8, 9), 0, 10);
    expect([...users]).toEqual([1, 2, 3, 4]);
    expect(scores[0]).toBeCloseTo(1, 6);
    expect(scores[1]).toBeGreaterThan(scores[2]);
  });
  test("are as many as requested, and none for an empty history", () => {
    expect([...similarUsers(store, audiences, weights, Uint32Array.of(0, 8, 9), 0, 1).users]).toEqual([1]);
    expect(similarUsers(store, audiences, weights, new Uint32Array(0), 0, 5).users).toHaveLength(0);
  });
  test("have scores in (0, 1], in order, for any histories", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(12), { maxLength: 30 }), { minLength: 1, maxLength: 12 }), (histories) => {
        const { audiences, store } = world(histories);
        const { users, scores } = similarUsers(store, audiences, weights, Uint32Array.from(histories[0]), 0, 5);
        expect(new Set(users).size).toBe(users.length);
        expect(users).not.toContain(0);
        for (const [i, score] of scores.entries()) {
          expect(score).toBeGreaterThan(0);
          expect(score).toBeLessThanOrEqual(1 + 1e-6);
          if (i > 0) expect(score).toBeLessThanOrEqual(scores[i - 1]);
        }
        const sharing = histories.filter((items, user) => user > 0 && items.some((item) => histories[0].includes(item)));
        expect(users).toHaveLength(Math.min(5, sharing.length));
      }),
    );
  });
});

describe("users likely to want an item", () => {
  const neighbors = { items: Uint32Array.of(1, 2), scores: Float32Array.of(1, 0.5) };
  // User 0 has both neighbors, 1 the stronger one, 2 the weaker one, 3 already has the item, 4 has both among many others, 5 none.
  const { audiences, store } = world([[1, 2], [1], [2], [9, 1, 2], [1, 2, 3, 4, 5, 6, 7, 8], [5]]);
  test("are those who have its neighbors but not the item, by the formula", () => {
    const { users, scores } = itemsToUsers(store, audiences, weights, Uint32Array.of(9), neighbors, 10);
    expect([...users]).toEqual([0, 1, 4, 2]);
    expect(scores[0]).toBeCloseTo(1.5 / Math.SQRT2, 6);
    expect(scores[2]).toBeCloseTo(1.5 / Math.sqrt(8), 6);
    expect([...itemsToUsers(store, audiences, weights, Uint32Array.of(9), neighbors, 1).users]).toEqual([0]);
  });
  test("an item that is its own neighbor doesn't count", () => {
    expect(
      itemsToUsers(store, audiences, weights, Uint32Array.of(1), { items: Uint32Array.of(1), scores: Float32Array.of(1) }, 5).users,
    ).toHaveLength(0);
  });
});

test("the newest 256 users of an item are kept, and a run of one user counts once", () => {
  const audiences = new ItemAudiences(weights);
  const user = Uint32Array.from({ length: 1200 }, (_, i) => i >> 1);
  audiences.observe({
    length: user.length,
    user,
    item: new Uint32Array(1200).fill(7),
    type: new Uint8Array(1200),
    value: new Float64Array(1200),
    time: new Float64Array(1200),
  });
  expect(audiences.count(7)).toBe(600);
  expect([...audiences.of(7)].sort((a, b) => a - b)).toEqual(Array.from({ length: 256 }, (_, i) => 344 + i));
  expect(audiences.of(3)).toEqual([]);
});

test("old events that come late replace nobody newer, and dislikes bring nobody", () => {
  const audiences = new ItemAudiences(weights);
  const observe = (from: number, count: number, time: number, type = 0) =>
    audiences.observe({
      ...{ length: count, user: Uint32Array.from({ length: count }, (_, i) => from + i), item: new Uint32Array(count) },
      ...{ type: new Uint8Array(count).fill(type), value: new Float64Array(count).fill(1), time: new Float64Array(count).fill(time) },
    });
  observe(0, 256, 100);
  observe(1000, 256, 50);
  observe(2000, 256, 200, 1);
  expect([...audiences.of(0)].sort((a, b) => a - b)).toEqual(Array.from({ length: 256 }, (_, i) => i));
  observe(3000, 1, 101);
  expect(audiences.of(0)).toContain(3000);
});

test("who disliked the same items is not similar, and who disliked the neighbors of an item doesn't want it", () => {
  const world = [
    { items: [0, 1, 2], type: 0 },
    { items: [0, 1, 2], type: 1 },
    { items: [0, 1], type: 0 },
  ];
  const recent = (id: string) => {
    const { items, type } = world[Number(id.slice(1))];
    const { length } = items;
    return {
      ...{ length, item: Uint32Array.from(items), type: new Uint8Array(length).fill(type) },
      ...{ value: new Float64Array(length).fill(1), time: new Float64Array(length) },
    };
  };
  const users = { size: 3, id: (index: number) => `u${index}`, indexOf: (id: string) => Number(id.slice(1)) };
  const store = { users, recent, older: () => undefined };
  // Before the dislikes they viewed them.
  const audiences = new ItemAudiences(weights);
  for (const user of [0, 1, 2]) {
    const rows = recent(`u${user}`);
    audiences.observe({ ...rows, type: new Uint8Array(rows.length), user: new Uint32Array(rows.length).fill(user) });
  }
  expect([...similarUsers(store, audiences, weights, Uint32Array.of(0, 1, 2), 0, 5).users]).toEqual([2]);
  const neighbors = { items: Uint32Array.of(0, 1), scores: Float32Array.of(1, 1) };
  expect([...itemsToUsers(store, audiences, weights, Uint32Array.of(2), neighbors, 5).users]).toEqual([2]);
});
