import { expect, test } from "vitest";
import { defineModel } from "../../model/define-model.ts";
import { checkModel, loadModelTable } from "./model-table.ts";

const byDevice = defineModel({
  name: "by-device",
  family: "example",
  needs: ["order", "context"],
  options: {},
  fit: () => ({}),
  score: () => {},
});

test("a model instead of its module is refused with what to pass", async () => {
  await expect(loadModelTable([byDevice as never])).rejects.toThrow(/^models takes modules, not models/);
});

test("a model that needs what projects can't supply is refused when it is named", () => {
  expect(() => checkModel({ "by-device": byDevice }, "by-device", {}, "training.models[0]")).toThrow(
    "training.models[0]: by-device needs context, which the server doesn't supply to models.",
  );
});

test("a misspelled need is refused with similar names", () => {
  const needs = ["oder"] as never;
  expect(() => defineModel({ name: "next", family: "example", needs, options: {}, fit: () => ({}), score: () => {} })).toThrow(
    'The model next needs "oder", which doesn\'t exist. Did you mean order?',
  );
});
