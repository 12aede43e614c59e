import { expect, test } from "vitest";
import { Dataset } from "../data/dataset.ts";
import { checkNeeds, type Need, needsMet } from "./needs.ts";

const plain = Dataset.fromRows([{ user: "u", item: "i" }]);
const full = Dataset.fromRows([
  { user: "u", item: "i", time: 1, type: "view", session: "s", basket: 7, context: { device: "phone" } },
]).with({
  itemFeatures: { title: { type: "text", values: ["I"] } },
  userFeatures: { age: { type: "number", values: Float64Array.of(30) } },
  links: { from: Uint32Array.of(0), to: Uint32Array.of(0) },
});

test("data that lacks what a model needs is rejected, with the column and how to supply it", () => {
  const refusal =
    (...needs: Need[]) =>
    () =>
      checkNeeds({ name: "markov", needs }, plain);
  expect(refusal("times")).toThrow('markov needs times, but the data has none. Name the time column (time: "ts", or --time ts).');
  expect(refusal("behaviors")).toThrow('Name the event type column (type: "event", or --type event)');
  expect(refusal("sessions")).toThrow(
    'markov needs sessions, but the data has none. Name the session column (session: "visit", or --session visit).',
  );
  expect(refusal("baskets")).toThrow('Name the basket column (basket: "order", or --basket order)');
  expect(refusal("context")).toThrow('Name the context columns (context: ["device"], or --context device)');
  expect(refusal("itemFeatures")).toThrow("data.with({ itemFeatures })");
  expect(refusal("userFeatures")).toThrow("data.with({ userFeatures })");
  expect(refusal("order", "links")).toThrow("data.with({ links })");
  expect(() => checkNeeds({ name: "markov", needs: ["times"] }, plain, "the test part")).toThrow("but the test part has none");
});

test("without times, the order of the rows counts", () => {
  expect(() => checkNeeds({ name: "markov", needs: ["order"] }, plain)).not.toThrow();
  expect(needsMet(plain)).toEqual(["order"]);
});

test("data with all columns meets every need, also after filtering and appending", () => {
  expect(needsMet(full)).toHaveLength(9);
  expect(needsMet(full.select(Uint32Array.of(0), { step: "all" }))).toHaveLength(9);
  expect(needsMet(full.append(full))).toHaveLength(9);
});
