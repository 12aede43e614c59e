import { readFileSync } from "node:fs";
import type { ModelSpec } from "recobase";
import { registry } from "recobase/models";

/** A model with the hyperparameters that bench/select.mjs chose on a validation part of a data set's training set. */
export function selected(model: string, data: string): ModelSpec {
  const table = JSON.parse(readFileSync(new URL(`../bench/selection/${model}.json`, import.meta.url), "utf8"));
  return registry[model](table[data].won);
}
