import { expect, test } from "vitest";
import { Dataset } from "./dataset.ts";
import { compact } from "./filters/compact.ts";
import { mergeRepeats } from "./repeats.ts";

const data = Dataset.fromRows([
  { user: "a", item: "x", session: 1, context: { device: "phone", hour: 3 } },
  { user: "a", item: "y", session: 1, context: { device: "desk" } },
  { user: "b", item: "x", session: "new" },
  { user: "b", item: "x", session: 1, context: { device: "phone" } },
]);

test("rows in memory bring sessions by their ids and context by the kinds of its values", () => {
  expect([...(data.interactions.session ?? [])]).toEqual([0, 0, 1, 0]);
  expect(data.interactions.context).toEqual({
    device: { type: "category", codes: Uint32Array.of(0, 1, 0xffffffff, 0), names: ["phone", "desk"] },
    hour: { type: "number", values: Float64Array.of(3, Number.NaN, Number.NaN, Number.NaN) },
  });
  const twoKinds = [
    { user: 1, item: 1, context: { hour: 3 } },
    { user: 1, item: 2, context: { hour: "three" } },
  ];
  expect(() => Dataset.fromRows(twoKinds)).toThrow('The context feature "hour" has values of two kinds: number and category.');
});

test("sessions and context go along when rows are chosen or repeats merged", () => {
  const { session, context } = data.select(Uint32Array.of(3, 1), { step: "some" }).interactions;
  expect([...(session ?? [])]).toEqual([0, 0]);
  expect(context?.device).toMatchObject({ codes: Uint32Array.of(0, 1) });
  const { interactions, merged } = mergeRepeats(data.interactions, 2, 2, 0, "last");
  expect(merged).toBe(1);
  expect(interactions.context?.device).toMatchObject({ codes: Uint32Array.of(0, 1, 0) });
});

test("sessions of appended rows are others, and rows without one are each their own", () => {
  const both = data.append([
    { user: "a", item: "z" },
    { user: "c", item: "x" },
  ]);
  expect([...(both.interactions.session ?? [])]).toEqual([0, 0, 1, 0, 2, 3]);
  expect(both.interactions.context?.hour).toMatchObject({ type: "number" });
  expect([...(data.append(data).interactions.session ?? [])]).toEqual([0, 0, 1, 0, 2, 2, 3, 2]);
});

test("links follow their users into other vocabularies", () => {
  const linked = data.with({ links: { from: Uint32Array.of(0, 1), to: Uint32Array.of(1, 0), weight: Float32Array.of(1, 2) } });
  const onlyB = compact(linked.select(Uint32Array.of(2), { step: "b" }));
  expect(onlyB.users.ids).toEqual(["b"]);
  expect(onlyB.links).toEqual({ from: new Uint32Array(0), to: new Uint32Array(0), weight: new Float32Array(0) });
  const other = Dataset.fromRows([
    { user: "c", item: "x" },
    { user: "b", item: "x" },
  ]).with({ links: { from: Uint32Array.of(0), to: Uint32Array.of(1) } });
  expect(linked.append(other).links).toEqual({
    from: Uint32Array.of(0, 1, 2),
    to: Uint32Array.of(1, 0, 1),
    weight: Float32Array.of(1, 2, 1),
  });
});
