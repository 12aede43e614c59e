import { expect, test } from "vitest";
import { Dataset } from "../data/dataset.ts";
import { defineModel } from "../model/define-model.ts";
import type { Histories } from "../model/histories.ts";
import type { Need } from "../model/needs.ts";
import { evaluate } from "./evaluate.ts";

const all = Dataset.fromRows([
  { user: "a", item: "x", time: 10, session: 1, context: { device: "phone" } },
  { user: "b", item: "y", time: 20, session: 2, context: { device: "phone" } },
  { user: "a", item: "z", time: 90, session: 1, context: { device: "phone" } },
  { user: "a", item: "y", time: 60, session: 3, context: { device: "desk" } },
  { user: "b", item: "x", time: 70, session: 2, context: { device: "phone" } },
]);
const part = (...rows: number[]) => all.select(Uint32Array.from(rows), { step: "part" });
const split = { train: part(0, 1), test: part(2, 3, 4) };

/** What a model of these needs is shown in an evaluation. */
async function shown(...needs: Need[]): Promise<Histories[]> {
  const seen: Histories[] = [];
  const watching = defineModel({
    name: "watching",
    family: "test",
    needs,
    options: {},
    fit: () => ({}),
    score(_, histories, out) {
      seen.push(histories);
      out.fill(0);
    },
  });
  await evaluate([watching()], split, { k: 1, metrics: ["recall"], resamples: 0 });
  return seen;
}

test("a model is asked at the moment and in the context of the first withheld interaction", async () => {
  const [{ at, context, item, time }] = await shown("times", "context");
  expect([...(at ?? [])]).toEqual([60, 70]);
  expect(context?.device).toMatchObject({ codes: Uint32Array.of(1, 0), names: ["phone", "desk"] });
  expect([...item]).toEqual([0, 1]);
  expect([...(time ?? [])]).toEqual([10, 20]);
});

test("and in its session: one of the history goes on, another is new", async () => {
  const [{ current, at }] = await shown("sessions");
  expect([...(current ?? [])]).toEqual([1, 0]);
  expect(at).toBeUndefined();
});

test("a test part without what the model needs is refused", async () => {
  const { time: _, ...untimed } = split.test.interactions;
  const fading = defineModel({ name: "fading", family: "test", needs: ["times"], options: {}, fit: () => ({}), score: () => {} });
  const without = { train: split.train, test: split.test.with({ interactions: untimed }) };
  await expect(evaluate([fading()], without, { k: 1 })).rejects.toThrow("fading needs times, but the test part has none");
});
