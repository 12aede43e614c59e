import { beforeAll, expect, test } from "vitest";
import { Dataset } from "../data/dataset.ts";
import { defineModel } from "./define-model.ts";
import type { Histories } from "./histories.ts";
import type { Model } from "./model.ts";
import type { Need } from "./needs.ts";
import type { Query } from "./query.ts";
import { queryHistories } from "./query-histories.ts";

const data = Dataset.fromRows([
  { user: "ann", item: "a", time: 10, type: "view", session: 1, context: { device: "phone", hour: 3 } },
  { user: "ann", item: "b", time: 20, type: "buy", session: 2, context: { device: "desk", hour: 4 } },
  { user: "bob", item: "c", time: 30, type: "view", session: 3, context: { device: "phone", hour: 5 } },
]).with({ userFeatures: { age: { type: "number", values: Float64Array.of(30, 40) } } });

async function modelOf(...needs: Need[]): Promise<Model> {
  const blank = defineModel({
    name: "blank",
    family: "test",
    needs,
    options: {},
    fit: () => ({}),
    score: (_, _histories, out) => out.fill(0),
  });
  return await blank().fit(data);
}

let all: Model;
beforeAll(async () => {
  all = await modelOf("order", "times", "behaviors", "sessions", "context", "userFeatures");
});

const moment = { at: 100, context: { device: "desk" } };
const ask = (...queries: Query[]): Histories => queryHistories(queries, all);

test("entries of a history in a query come in time order, with all needed columns", () => {
  const asked = ask({
    history: [
      { item: "b", time: new Date(50), type: "buy", session: "s2" },
      { item: "a", time: 40, type: "view", session: "s1" },
      { item: "a", time: 60, type: "view", weight: 3, session: "s2" },
    ],
    features: { age: 50 },
    ...moment,
    at: new Date(100),
  });
  expect([...asked.item]).toEqual([0, 1, 0]);
  expect([...asked.weight]).toEqual([1, 1, 3]);
  expect([...(asked.time ?? [])]).toEqual([40, 50, 60]);
  expect([...(asked.type ?? [])]).toEqual([0, 1, 0]);
  expect([...(asked.group ?? [])]).toEqual([0, 1, 1]);
  expect([...(asked.current ?? [])]).toEqual([1]);
  expect([...(asked.at ?? [])]).toEqual([100]);
  expect(asked.person?.age).toEqual({ type: "number", values: Float64Array.of(50) });
  expect(asked.context?.device).toEqual({ type: "category", codes: Uint32Array.of(0), names: ["desk"] });
  expect(asked.context?.hour).toEqual({ type: "number", values: Float64Array.of(Number.NaN) });
});

test("known and unknown users mix in one batch, each with their own features", () => {
  const stranger = { history: [{ item: "c", time: 1, type: "view" }], features: { age: 7 }, ...moment };
  const asked = ask(stranger, { user: "bob", ...moment }, { ...stranger, features: { age: 8 } }, { user: "ann", ...moment });
  expect([...asked.offsets]).toEqual([0, 1, 2, 3, 5]);
  expect(asked.person?.age).toEqual({ type: "number", values: Float64Array.of(7, 40, 8, 30) });
});

test("entries without a session belong to the current one, and an unknown session is new", () => {
  const entry = (item: string, session?: string) => ({ item, time: 1, type: "view", ...(session && { session }) });
  const current = (query: Partial<Query>, ...history: ReturnType<typeof entry>[]) => {
    const asked = ask({ history, features: {}, ...moment, ...query } as Query);
    return { group: [...(asked.group ?? [])], current: asked.current?.[0] };
  };
  expect(current({}, entry("a"), entry("b"))).toEqual({ group: [0, 0], current: 0 });
  expect(current({ session: "now" }, entry("a", "old"), entry("b"))).toEqual({ group: [0, 1], current: 1 });
  expect(current({ session: "new" }, entry("a", "old"))).toEqual({ group: [0], current: 1 });
  expect([...(ask({ user: "ann", session: "new", ...moment }).current ?? [])]).toEqual([2]);
  expect([...(ask({ user: "ann", ...moment }).current ?? [])]).toEqual([1]);
});

test("a query that lacks something is rejected, naming what is missing", () => {
  const history = [{ item: "a", time: 1, type: "view" }];
  const refusals: [Query, string][] = [
    [{ user: "ann", context: {} }, "blank needs the time of the query. Add at to the query, such as at: Date.now()."],
    [{ user: "ann", at: 1 }, "blank needs the context of the query. Add context to the query, with device, hour."],
    [{ history, ...moment }, "blank needs user features. Add features to the query, with age."],
    [{ history: ["a"], features: {}, ...moment }, 'blank needs times. Add time to item "a" of the history.'],
    [{ history: [{ item: "a", time: 1 }], features: {}, ...moment }, 'needs event types. Add type (view, buy) to item "a" of the history.'],
    [{ history: [{ item: "a", time: 1, type: "veiw" }], features: {}, ...moment }, 'Unknown event type "veiw". Did you mean view?'],
    [{ history, features: { aeg: 3 }, ...moment }, 'no user feature "aeg". Did you mean age?'],
    [{ user: "ann", at: 1, context: { hour: "late" } }, 'The context feature "hour" is "late"; it must be a number.'],
    [{ user: "ann", at: Number.NaN, context: {} }, "at must be milliseconds or a Date"],
    [{ history: [{ item: "a", time: Number.NaN, type: "view" }], features: {}, ...moment }, "must be milliseconds or a Date"],
  ];
  for (const [query, message] of refusals) expect(() => ask(query), message).toThrow(message);
});

test("a model without needs takes entries in any order, and sees only items and weights", async () => {
  const plain = await modelOf();
  const asked = queryHistories([{ history: ["b", { item: "a", weight: 2, time: 5, type: "what" }, "b"], at: 3 }], plain);
  expect([...asked.item]).toEqual([0, 1]);
  expect([...asked.weight]).toEqual([2, 2]);
  expect([asked.time, asked.type, asked.group, asked.at, asked.context, asked.person]).toEqual(new Array(6).fill(undefined));
});
