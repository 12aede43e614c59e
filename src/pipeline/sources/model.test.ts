import { expect, test } from "vitest";
import { Dataset } from "../../data/dataset.ts";
import { createBackend } from "../../kernel/backend.ts";
import { onlineModel } from "../../model/online.ts";
import { itemKnn } from "../../models/knn/item-knn.ts";
import { historyOf, sourceRequest } from "../testing/requests.ts";
import { ModelSource } from "./model.ts";

const data = Dataset.fromRows(
  [
    ["a", "alien"],
    ["a", "aliens"],
    ["b", "alien"],
    ["b", "aliens"],
    ["c", "heat"],
    ["c", "ronin"],
    ["d", "heat"],
    ["d", "ronin"],
    ["d", "alien"],
  ].map(([user, item]) => ({ user, item })),
);
const [alien, aliens, heat, ronin] = ["alien", "aliens", "heat", "ronin"].map((item) => data.items.indexOf(item));
const online = onlineModel(await itemKnn({ shrink: 0 }).fit(data), createBackend({ threads: 1 }));

test("answers from the model currently in service", () => {
  const source = new ModelSource();
  expect(source.ready()).toBe(false);
  expect(source.candidates(sourceRequest(4, { history: historyOf(alien) })).items).toHaveLength(0);
  source.use(online, "first");
  expect(source.version).toBe("first");
  const { items } = source.candidates(sourceRequest(4, { history: historyOf(alien), allowed: Uint8Array.of(0, 1, 1, 1) }));
  expect(items[0]).toBe(aliens);
  source.use(undefined, "");
  expect(source.ready()).toBe(false);
});

test("uses anchors as the history, and doesn't know items newer than the model", () => {
  const source = new ModelSource();
  source.use(online, "1");
  const allowed = new Uint8Array(9).fill(1);
  allowed[heat] = 0;
  const anchors = Uint32Array.of(heat);
  const request = sourceRequest(9, { history: historyOf(alien, 7), anchors, allowed });
  expect(source.candidates(request).items[0]).toBe(ronin);
  const out = new Float32Array(2);
  source.score(request, Uint32Array.of(ronin, 8), out);
  expect(out[0]).toBeGreaterThan(0);
  expect(out[1]).toBeNaN();
});

test("ranks the list in the request, leaving out items it knows nothing about", () => {
  const source = new ModelSource();
  source.use(online, "1");
  const only = Uint32Array.of(ronin, alien, 8);
  const allowed = new Uint8Array(9);
  for (const item of only) allowed[item] = 1;
  expect([...source.candidates(sourceRequest(9, { history: historyOf(aliens), only, allowed })).items]).toEqual([alien]);
});

test("says which history items speak for an item", () => {
  const source = new ModelSource();
  source.use(online, "1");
  expect(source.explain(sourceRequest(4, { history: historyOf(heat, alien) }), aliens).map(({ item }) => item)).toEqual([alien]);
});
