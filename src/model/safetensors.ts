import { writeAtomically } from "../util/atomic-file.ts";
import { RecoError } from "../util/errors.ts";

/** A typed array that a safetensors file can hold. */
export type Tensor = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

const constructors = { F32: Float32Array, F64: Float64Array, I32: Int32Array, U32: Uint32Array, U8: Uint8Array } as const;
type Dtype = keyof typeof constructors;

/** What a safetensors file holds: arrays by name, and strings by name. */
export interface SafetensorsFile {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const CHUNK = 1 << 28;
const MAXIMUM_HEADER = 100_000_000;

/**
 * Writes a safetensors file (Hugging Face's format: an 8-byte length, a JSON header, the bytes of the arrays), atomically. The metadata gets the
 * SHA-256 of the array bytes as `sha256`.
 */
export async function writeSafetensors(path: string, { tensors, metadata }: SafetensorsFile): Promise<void> {
  const { createHash } = await import("node:crypto");
  const { open } = await import("node:fs/promises");
  const header: Record<string, unknown> = {};
  const hash = createHash("sha256");
  // Widest first, so every array starts at a multiple of its element size.
  const ordered = Object.entries(tensors).sort(([, a], [, b]) => b.BYTES_PER_ELEMENT - a.BYTES_PER_ELEMENT);
  let offset = 0;
  for (const [name, array] of ordered) {
    header[name] = { dtype: dtypeOf(array), shape: [array.length], data_offsets: [offset, offset + array.byteLength] };
    for (const part of partsOf(array)) hash.update(part);
    offset += array.byteLength;
  }
  header.__metadata__ = { ...metadata, sha256: hash.digest("hex") };
  let json = JSON.stringify(header);
  json += " ".repeat((8 - (Buffer.byteLength(json) % 8)) % 8);
  const head = Buffer.from(json);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  await writeAtomically(path, async (temporary) => {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(length);
      await file.writeFile(head);
      for (const [, array] of ordered) for (const part of partsOf(array)) await file.writeFile(part);
    } finally {
      await file.close();
    }
  });
}

/**
 * Reads a safetensors file. Checks the header, the extent of every array, and the checksum if there is one.
 *
 * @throws RecoError `not-found`, `bad-artifact`
 */
export async function readSafetensors(path: string): Promise<SafetensorsFile> {
  const { createHash } = await import("node:crypto");
  const { open } = await import("node:fs/promises");
  const damaged = (what: string, cause?: unknown) => new RecoError("bad-artifact", `${path} ${what}`, { cause });
  const file = await open(path, "r").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") throw new RecoError("not-found", `File not found: ${path}.`, { cause });
    throw damaged(`cannot be opened: ${cause.message}`, cause);
  });
  try {
    const stat = await file.stat();
    if (stat.isDirectory()) throw damaged("is a folder, not a model file.");
    const read = async (bytes: Uint8Array, at: number) => {
      for (let done = 0; done < bytes.length; ) {
        const { bytesRead } = await file.read(bytes, done, Math.min(CHUNK, bytes.length - done), at + done);
        if (bytesRead === 0) throw damaged("is truncated. Save the model again.");
        done += bytesRead;
      }
    };
    if (stat.size < 10) throw damaged(`is not a safetensors file: it has only ${stat.size} bytes.`);
    const length = Buffer.alloc(8);
    await read(length, 0);
    const size = Number(length.readBigUInt64LE());
    if (size < 2 || size > MAXIMUM_HEADER) throw damaged("is not a safetensors file: it doesn't start with the length of a header.");
    if (8 + size > stat.size) throw damaged("ends inside its header: it is truncated or no safetensors file.");
    const head = Buffer.alloc(size);
    await read(head, 8);
    const { metadata, entries } = parseHeader(head, damaged);
    const begin = 8 + size;
    const end = Math.max(0, ...entries.map(([, entry]) => entry.data_offsets[1]));
    if (begin + end > stat.size)
      throw damaged(
        `is truncated: ${stat.size.toLocaleString("en")} of ${(begin + end).toLocaleString("en")} bytes. Save the model again.`,
      );
    if (begin + end < stat.size)
      throw damaged(`is damaged: it has ${(stat.size - begin - end).toLocaleString("en")} extra bytes at its end.`);
    const tensors: Record<string, Tensor> = {};
    const hash = createHash("sha256");
    for (const [name, entry] of entries.sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0])) {
      const array = allocate(name, entry, damaged);
      await read(bytesOf(array), begin + entry.data_offsets[0]);
      for (const part of partsOf(array)) hash.update(part);
      tensors[name] = array;
    }
    if (metadata.sha256 !== undefined && metadata.sha256 !== hash.digest("hex"))
      throw damaged("is damaged: its checksum doesn't match its contents. Save the model again.");
    return { tensors, metadata };
  } finally {
    await file.close();
  }
}

type Damaged = (what: string, cause?: unknown) => RecoError;

function parseHeader(head: Buffer, damaged: Damaged): { metadata: Record<string, string>; entries: [string, Entry][] } {
  let header: unknown;
  try {
    header = JSON.parse(head.toString("utf8"));
  } catch (cause) {
    throw damaged("is not a safetensors file: its header is not JSON.", cause);
  }
  if (typeof header !== "object" || header === null || Array.isArray(header))
    throw damaged("is not a safetensors file: its header is not an object.");
  const { __metadata__: metadata = {}, ...entries } = header as Record<string, unknown>;
  for (const [name, entry] of Object.entries(entries)) {
    const offsets = (entry as Partial<Entry> | null)?.data_offsets;
    if (!Array.isArray(offsets) || !offsets.every(Number.isSafeInteger))
      throw damaged(`is not a safetensors file: its header has no extent for ${JSON.stringify(name)}.`);
  }
  return { metadata: metadata as Record<string, string>, entries: Object.entries(entries) as [string, Entry][] };
}

function allocate(name: string, entry: Entry, damaged: Damaged): Tensor {
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!Object.hasOwn(constructors, dtype) || !Array.isArray(shape))
    throw damaged(`has an array that RecoBase cannot read: ${JSON.stringify(name)} of type ${dtype}.`);
  const TypedArray = constructors[dtype as Dtype];
  const count = shape.reduce((product: number, side: number) => product * side, 1);
  const [from, to] = offsets;
  if (!(Number.isSafeInteger(count) && from >= 0 && to - from === count * TypedArray.BYTES_PER_ELEMENT))
    throw damaged(`is damaged: the extent of the array ${JSON.stringify(name)} doesn't match its shape.`);
  return new TypedArray(count);
}

function dtypeOf(array: Tensor): Dtype {
  for (const [dtype, TypedArray] of Object.entries(constructors)) if (array instanceof TypedArray) return dtype as Dtype;
  throw new RecoError("bad-input", "Arrays in a model's state must be Float32Array, Float64Array, Int32Array, Uint32Array or Uint8Array.");
}

function bytesOf(array: Tensor): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** The bytes of an array, in parts small enough for the system calls and the hash. */
function* partsOf(array: Tensor): Generator<Uint8Array> {
  const bytes = bytesOf(array);
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

/** Texts as two arrays, since the format has no strings: all texts in UTF-8, and where each ends. */
export function textTensors(name: string, texts: readonly string[] | undefined): Record<string, Tensor> {
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

/** Reads what {@link textTensors} made. @throws Error if it is missing */
export function readText(name: string, tensors: Readonly<Record<string, Tensor | undefined>>): string[] {
  const bytes = tensors[`${name}.text`];
  const ends = tensors[`${name}.ends`];
  if (!(bytes instanceof Uint8Array) || !(ends instanceof Uint32Array)) throw new Error(`${name}.text is missing`);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let from = 0;
  return Array.from(ends, (end) => {
    const entry = text.toString("utf8", from, end);
    from = end;
    return entry;
  });
}
