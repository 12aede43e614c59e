import type { ProvenanceStep } from "../data/dataset-parts.ts";
import { type Id, Vocabulary } from "../data/vocabulary.ts";
import { RecoError } from "../util/errors.ts";
import { version } from "../util/version.ts";
import type { RepeatRule } from "./bag.ts";
import type { State } from "./definition.ts";
import { featureTensors, readFeatures } from "./feature-tensors.ts";
import { Histories } from "./histories.ts";
import type { ModelParts, QuerySchema } from "./model-parts.ts";
import { readSafetensors, readText, type Tensor, textTensors, writeSafetensors } from "./safetensors.ts";

/** Bump the number when the meaning of the file's contents changes. */
const FORMAT = "recobase-model@1";

/** Everything about a model except the code registered under its name. */
export type Artifact = Omit<ModelParts, "definition" | "backend"> & {
  readonly name: string;
  /** The RecoBase version that wrote the file. */
  readonly version: string;
};

export interface SaveOptions {
  /**
   * Whether to include the training interactions, so that `recommend({ user })` works after loading. Default true. Without them, the file
   * contains no personal data, and the model answers histories only.
   */
  readonly histories?: boolean;
}

/**
 * Writes a model to a safetensors file, atomically. The file holds the learned arrays, options, vocabularies, provenance and a checksum. Python
 * can read it with the `safetensors` package.
 */
export async function writeModel(model: Omit<ModelParts, "backend">, path: string, { histories = true }: SaveOptions = {}): Promise<void> {
  const { isBag, repeats, person } = model.histories;
  const tensors: Record<string, Tensor> = {};
  const scalars: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(model.state)) {
    if (ArrayBuffer.isView(value)) tensors[`state.${name}`] = value;
    else scalars[name] = value;
  }
  Object.assign(tensors, vocabularyTensors("items", model.items), textTensors("titles", model.titles));
  // Popular items fill up lists, so the counts are saved even without the histories.
  tensors["histories.counts"] = model.itemCounts;
  if (histories) Object.assign(tensors, vocabularyTensors("users", model.users), historyTensors(model.histories));
  await writeSafetensors(path, {
    tensors,
    metadata: {
      format: FORMAT,
      version,
      model: model.definition.name,
      options: JSON.stringify(model.options),
      scalars: JSON.stringify(scalars),
      schema: JSON.stringify(model.schema),
      histories: JSON.stringify({ bag: isBag, repeats, person: person !== undefined }),
      provenance: JSON.stringify(model.provenance),
    },
  });
}

/** Reads what {@link writeModel} wrote. @throws RecoError `not-found`, `bad-artifact` */
export async function readModel(path: string): Promise<Artifact> {
  const { tensors, metadata } = await readSafetensors(path);
  if (metadata.format !== FORMAT) {
    const what =
      metadata.format === undefined
        ? "a safetensors file from another program, not a RecoBase model"
        : `in the format ${metadata.format}; this version of RecoBase reads ${FORMAT}. Train and save the model again`;
    throw new RecoError("bad-artifact", `${path} is ${what}.`);
  }
  try {
    const items = readVocabulary("item", "items", tensors);
    const known = tensors["histories.offsets"] !== undefined;
    const users = known ? readVocabulary("user", "users", tensors) : new Vocabulary("user", []);
    const state: Record<string, State[string]> = { ...JSON.parse(metadata.scalars) };
    for (const [name, array] of Object.entries(tensors)) if (name.startsWith("state.")) state[name.slice(6)] = array;
    const schema = JSON.parse(metadata.schema) as QuerySchema;
    const kind = JSON.parse(metadata.histories) as HistoryKind;
    return {
      name: metadata.model,
      version: metadata.version,
      options: JSON.parse(metadata.options),
      state,
      users,
      items,
      histories: known ? readHistories(tensors, users.size, items.size, schema, kind) : noHistories(items.size, kind),
      itemCounts: uint32(tensors, "histories.counts"),
      schema,
      titles: tensors["titles.text"] === undefined ? undefined : readText("titles", tensors),
      provenance: JSON.parse(metadata.provenance) as ProvenanceStep[],
    };
  } catch (cause) {
    if (cause instanceof RecoError) throw cause;
    throw new RecoError("bad-artifact", `${path} is damaged: ${(cause as Error).message}`, { cause });
  }
}

function historyTensors(histories: Histories): Record<string, Tensor> {
  const { offsets, item, weight, time, type, group, current, person } = histories;
  return {
    "histories.offsets": offsets,
    "histories.items": item,
    "histories.weights": weight,
    ...(time && { "histories.times": time }),
    ...(type && { "histories.types": type }),
    ...(group && { "histories.groups": group }),
    ...(current && { "histories.current": current }),
    ...(person && featureTensors("users.features", person)),
  };
}

function readHistories(tensors: SafeTensors, users: number, items: number, { userFeatures }: QuerySchema, kind: HistoryKind): Histories {
  const there = <T extends Tensor>(name: string, type: new () => T): T | undefined =>
    tensors[name] instanceof type ? (tensors[name] as T) : undefined;
  const columns = {
    rows: users,
    items,
    offsets: uint32(tensors, "histories.offsets"),
    item: uint32(tensors, "histories.items"),
    weight: float32(tensors, "histories.weights"),
    time: there("histories.times", Float64Array),
    type: there("histories.types", Uint8Array),
    group: there("histories.groups", Uint32Array),
    current: there("histories.current", Uint32Array),
    ...(kind.person && { person: readFeatures("users.features", userFeatures, tensors) }),
  };
  const { offsets, item, weight } = columns;
  const bag = kind.bag ? { rows: users, columns: items, offsets, indices: item, values: weight } : undefined;
  return new Histories(columns, kind.repeats, bag);
}

function noHistories(items: number, { bag, repeats }: HistoryKind): Histories {
  const empty = { rows: 0, columns: items, offsets: Uint32Array.of(0), indices: new Uint32Array(0), values: new Float32Array(0) };
  const columns = { rows: 0, items, offsets: empty.offsets, item: empty.indices, weight: empty.values };
  return new Histories(columns, repeats, bag ? empty : undefined);
}

/** The fields of histories that aren't arrays. */
interface HistoryKind {
  readonly bag: boolean;
  readonly repeats: RepeatRule;
  readonly person: boolean;
}

/** Ids as 64-bit floats if all are numbers; otherwise as text, with a flag for each id that is a number. */
function vocabularyTensors(name: string, vocabulary: Vocabulary): Record<string, Tensor> {
  const { ids } = vocabulary;
  const numeric = ids.filter((id) => typeof id === "number").length;
  if (numeric === ids.length && numeric > 0) return { [`${name}.numbers`]: Float64Array.from(ids as number[]) };
  const text = textTensors(name, ids.map(String));
  return numeric === 0 ? text : { ...text, [`${name}.isNumber`]: Uint8Array.from(ids, (id) => (typeof id === "number" ? 1 : 0)) };
}

function readVocabulary(kind: "user" | "item", name: string, tensors: SafeTensors): Vocabulary {
  const numbers = tensors[`${name}.numbers`];
  if (numbers !== undefined) return new Vocabulary(kind, Array.from(numbers));
  const text = readText(name, tensors);
  const isNumber = tensors[`${name}.isNumber`];
  return new Vocabulary(kind, isNumber === undefined ? text : text.map((id, i): Id => (isNumber[i] === 1 ? Number(id) : id)));
}

type SafeTensors = Readonly<Record<string, Tensor>>;

function uint32(tensors: SafeTensors, name: string): Uint32Array {
  const array = tensors[name];
  if (!(array instanceof Uint32Array)) throw new Error(`${name} is missing`);
  return array;
}

function float32(tensors: SafeTensors, name: string): Float32Array {
  const array = tensors[name];
  if (!(array instanceof Float32Array)) throw new Error(`${name} is missing`);
  return array;
}
