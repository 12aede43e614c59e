import { FittedModel } from "../../model/fitted-model.ts";
import type { PackedModel } from "./fit-order.ts";
import { type ModelTable, modelNamed } from "./model-table.ts";

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
export function unpackModel({ name, options, state, items, itemCounts }: PackedModel, models: ModelTable): FittedModel {
  const { definition } = modelNamed(models, name);
  return new FittedModel({ definition, options, state, itemCount: items, itemCounts });
}
