import type { State } from "../../model/definition.ts";
import { FittedModel } from "../../model/fitted-model.ts";
import type { PackedModel } from "./fit-order.ts";
import { type ModelTable, modelNamed } from "./model-table.ts";

/**
 * A model as plain data, without personal data.
 *
 * @param shared buffers that the sender keeps: the model's arrays in them are copied, all others are moved
 */
export function packModel(
  { name, options, state, itemCount, itemCounts }: FittedModel,
  shared: ReadonlySet<ArrayBufferLike> = new Set(),
): PackedModel {
  const own = Object.entries(state).map(([key, value]) => [
    key,
    ArrayBuffer.isView(value) && shared.has(value.buffer) ? value.slice() : value,
  ]);
  return { name, options, state: Object.fromEntries(own) as State, items: itemCount, itemCounts };
}

/** The buffers of a packed model, to transfer to another thread. */
export function buffersOf({ state, itemCounts }: PackedModel): ArrayBuffer[] {
  const arrays = [itemCounts, ...Object.values(state)];
  return [...new Set(arrays.flatMap((array) => (ArrayBuffer.isView(array) ? [array.buffer as ArrayBuffer] : [])))];
}

/** @throws RecoError `unknown-model` */
export function unpackModel({ name, options, state, items, itemCounts }: PackedModel, models: ModelTable): FittedModel {
  const { definition } = modelNamed(models, name);
  return new FittedModel({ definition, options, state, itemCount: items, itemCounts });
}
