import type { ProvenanceStep } from "../data/dataset.ts";
import { type Id, Vocabulary } from "../data/vocabulary.ts";
import { RecoError } from "../util/errors.ts";
import { version } from "../util/version.ts";
import type { State } from "./definition.ts";
import type { Model, ModelParts } from "./model.ts";
import { readSafetensors, type Tensor, writeSafetensors } from "./safetensors.ts";

/** Raised when what a file holds changes its meaning. */
const FORMAT = "recobase-model@1";

/** Everything of a model but the code that goes with its name. */
export type Artifact = Omit<ModelParts, "definition" | "backend"> & {
  readonly name: string;
  /** The version of RecoBase that wrote it. */
  readonly version: string;
};

export interface SaveOptions {
  /**
   * Whether the training interactions go into the file, so that `recommend({ user })` works after loading. Default true. Without them the
   * file holds nothing of any person's own and answers histories only.
   */
  readonly histories?: boolean;
}

/**
 * Writes a model to a safetensors file, whole or not at all. The file holds the learned arrays, options, vocabularies, provenance and a
 * checksum, and is readable from Python with the `safetensors` package.
 */
export async function writeModel(model: Model, path: string, { histories = true }: SaveOptions = {}): Promise<void> {
  const tensors: Record<string, Tensor> = {};
  const scalars: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(model.state)) {
    if (ArrayBuffer.isView(value)) tensors[`state.${name}`] = value;
    else scalars[name] = value;
  }
  Object.assign(tensors, vocabularyTensors("items", model.items), textTensors("titles", model.titles));
  if (histories) {
    const { offsets, indices, values } = model.histories;
    Object.assign(tensors, vocabularyTensors("users", model.users), {
      "histories.offsets": offsets,
      "histories.indices": indices,
      "histories.values": values,
    });
  }
  // The order of popularity fills up lists; it has to survive leaving the histories out.
  else tensors["histories.counts"] = countItems(model.histories.indices, model.items.size);
  await writeSafetensors(path, {
    tensors,
    metadata: {
      format: FORMAT,
      version,
      model: model.name,
      options: JSON.stringify(model.options),
      scalars: JSON.stringify(scalars),
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
        ? "a safetensors file of another program"
        : `in the format ${metadata.format}, and this version reads ${FORMAT}`;
    throw new RecoError("bad-artifact", `${path} is ${what}.`);
  }
  try {
    const items = readVocabulary("item", "items", tensors);
    const known = tensors["histories.offsets"] !== undefined;
    const users = known ? readVocabulary("user", "users", tensors) : new Vocabulary("user", []);
    const state: Record<string, State[string]> = { ...JSON.parse(metadata.scalars) };
    for (const [name, array] of Object.entries(tensors)) if (name.startsWith("state.")) state[name.slice(6)] = array;
    const histories = known
      ? {
          offsets: uint32(tensors, "histories.offsets"),
          indices: uint32(tensors, "histories.indices"),
          values: float32(tensors, "histories.values"),
        }
      : { offsets: Uint32Array.of(0), indices: new Uint32Array(0), values: new Float32Array(0) };
    return {
      name: metadata.model,
      version: metadata.version,
      options: JSON.parse(metadata.options),
      state,
      users,
      items,
      histories: { rows: users.size, columns: items.size, ...histories },
      itemCounts: known ? countItems(histories.indices, items.size) : uint32(tensors, "histories.counts"),
      titles: tensors["titles.text"] === undefined ? undefined : readText("titles", tensors),
      provenance: JSON.parse(metadata.provenance) as ProvenanceStep[],
    };
  } catch (cause) {
    if (cause instanceof RecoError) throw cause;
    throw new RecoError("bad-artifact", `${path} is damaged: ${(cause as Error).message}`, { cause });
  }
}

/** Training interactions of each item. */
export function countItems(indices: Uint32Array, itemCount: number): Uint32Array {
  const counts = new Uint32Array(itemCount);
  for (const item of indices) counts[item]++;
  return counts;
}

/** Ids that are all numbers as 64-bit floats; others as text, with a mark on those that are numbers. */
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

function textTensors(name: string, texts: readonly string[] | undefined): Record<string, Tensor> {
  if (texts === undefined) return {};
  const encoded = texts.map((text) => Buffer.from(text));
  const ends = new Uint32Array(texts.length);
  let end = 0;
  encoded.forEach((bytes, i) => {
    end += bytes.length;
    ends[i] = end;
  });
  return { [`${name}.text`]: new Uint8Array(Buffer.concat(encoded)), [`${name}.ends`]: ends };
}

function readText(name: string, tensors: SafeTensors): string[] {
  const bytes = tensors[`${name}.text`];
  if (!(bytes instanceof Uint8Array)) throw new Error(`${name}.text is missing`);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let from = 0;
  return Array.from(uint32(tensors, `${name}.ends`), (end) => {
    const entry = text.toString("utf8", from, end);
    from = end;
    return entry;
  });
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
