import { Vocabulary } from "../../data/vocabulary.ts";
import { Model } from "../../model/model.ts";
import type { PackedModel } from "./fit-order.ts";
import { type ModelTable, modelNamed } from "./model-table.ts";
import { itemVocabulary } from "./training-set.ts";

/** A model as plain data, without anything of a person. */
export function packModel(model: Model): PackedModel {
  const { name, options, state, items, itemCounts } = model;
  return { name, options, state, items: items.size, itemCounts };
}

/** The buffers of a packed model, for moving it to another thread. */
export function buffersOf({ state, itemCounts }: PackedModel): ArrayBuffer[] {
  const arrays = [itemCounts, ...Object.values(state)];
  return [...new Set(arrays.flatMap((array) => (ArrayBuffer.isView(array) ? [array.buffer as ArrayBuffer] : [])))];
}

/** @throws RecoError `unknown-model` */
export function unpackModel({ name, options, state, items, itemCounts }: PackedModel, models: ModelTable): Model {
  const { definition } = modelNamed(models, name);
  const histories = { rows: 0, columns: items, offsets: Uint32Array.of(0), indices: new Uint32Array(0), values: new Float32Array(0) };
  return new Model({
    ...{ definition, options, state, itemCounts, histories, provenance: [] },
    users: new Vocabulary("user", []),
    items: itemVocabulary(items),
  });
}
