import { FittedModel } from "../../model/fitted-model.ts";
import { registry } from "../../models/registry.gen.ts";
import { RecoError } from "../../util/errors.ts";
import type { PackedModel } from "./messages.ts";

/** A model as plain data, without anything of a person. */
export function packModel({ name, options, state, itemCount, itemCounts }: FittedModel): PackedModel {
  return { name, options, state, items: itemCount, itemCounts };
}

/** The buffers of a packed model, for moving it to another thread. */
export function buffersOf({ state, itemCounts }: PackedModel): ArrayBuffer[] {
  const arrays = [itemCounts, ...Object.values(state)];
  return [...new Set(arrays.flatMap((array) => (ArrayBuffer.isView(array) ? [array.buffer as ArrayBuffer] : [])))];
}

/** @throws RecoError `unknown-model` */
export function unpackModel({ name, options, state, items, itemCounts }: PackedModel): FittedModel {
  if (!Object.hasOwn(registry, name)) throw new RecoError("unknown-model", `No model is called ${JSON.stringify(name)}.`);
  return new FittedModel({ definition: registry[name].definition, options, state, itemCount: items, itemCounts });
}
