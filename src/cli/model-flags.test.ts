import { expect, test } from "vitest";
import { defineModel } from "../model/define-model.ts";
import type { Need } from "../model/needs.ts";
import { keepEntries } from "./model-flags.ts";

const model = (name: string, needs: readonly Need[]) =>
  defineModel({ name, family: "example", needs, options: {}, fit: () => ({}), score: () => {} });
const registry = { bag: model("bag", []), next: model("next", ["order"]) };

test("every row is kept for models that see entries as they came, unless --repeats says otherwise", () => {
  expect(keepEntries({}, ["bag"], registry)).toEqual({});
  expect(keepEntries({}, ["bag", "next"], registry)).toEqual({ repeats: "all" });
  expect(keepEntries({ repeats: "sum" }, ["next"], registry)).toEqual({ repeats: "sum" });
});
