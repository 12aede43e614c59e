import { crc32 } from "node:zlib";
import { RecoError } from "../../util/errors.ts";

/** A column in a packed block. */
export type PackedColumn = Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;

/** An unpacked block: views into its bytes, not copies. */
export interface Packed<Header> {
  readonly header: Header;
  readonly columns: Readonly<Record<string, PackedColumn | undefined>>;
}

const MAGIC = 0x314b4252; // "RBK1", read from its first byte to its last
const START = 16;
const constructors = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f32: Float32Array, f64: Float64Array } as const;
type ColumnType = keyof typeof constructors;

/** Header fields added to those of the caller. */
interface Layout {
  readonly kind: string;
  /** Name, type and number of entries of each column, in storage order. */
  readonly columns: readonly (readonly [name: string, type: ColumnType, length: number])[];
}

/**
 * Packs columns into one self-describing block of bytes: magic number, length, CRC-32 of the rest, header length, header as JSON, then the
 * columns. Header and columns start at multiples of 8. All numbers are little-endian.
 *
 * @param kind what the block holds, with its version; checked when it is read
 * @param columns by name; undefined ones are omitted
 */
export function pack(kind: string, header: object, columns: Readonly<Record<string, PackedColumn | undefined>>): Uint8Array {
  const there = Object.entries(columns).filter((entry): entry is [string, PackedColumn] => entry[1] !== undefined);
  const layout: Layout = { kind, columns: there.map(([name, column]) => [name, typeOf(column), column.length] as const) };
  const text = new TextEncoder().encode(JSON.stringify({ ...layout, ...header }));
  let size = align(START + text.length);
  for (const [, column] of there) size = align(size + column.byteLength);
  const bytes = new Uint8Array(size);
  bytes.set(text, START);
  let offset = align(START + text.length);
  for (const [, column] of there) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), offset);
    offset = align(offset + column.byteLength);
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, size, true);
  view.setUint32(12, text.length, true);
  view.setUint32(8, crc32(bytes.subarray(12)), true);
  return bytes;
}

/** Reads a block of a kind. @throws RecoError `bad-data` if it is damaged or of another kind */
export function unpack<Header>(kind: string, given: Uint8Array): Packed<Header> {
  // Views of wide numbers must start at a multiple of 8, which a slice of a larger buffer may not.
  const bytes = given.byteOffset % 8 === 0 ? given : given.slice();
  if (bytes.length < START) throw damaged(`it has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw damaged("it doesn't start with the magic number");
  if (view.getUint32(4, true) !== bytes.length) throw damaged(`it has ${bytes.length} bytes of ${view.getUint32(4, true)}`);
  if (view.getUint32(8, true) !== crc32(bytes.subarray(12))) throw damaged("its checksum doesn't match");
  const headerLength = view.getUint32(12, true);
  const header = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + START, headerLength).toString()) as Layout & Header;
  if (header.kind !== kind)
    throw new RecoError(
      "bad-data",
      `Cannot read a block of kind "${header.kind}" (expected "${kind}"): it was written by another version of RecoBase. Use that version.`,
    );
  const columns: Record<string, PackedColumn> = {};
  let offset = align(START + headerLength);
  for (const [name, type, length] of header.columns) {
    const column = new constructors[type](bytes.buffer as ArrayBuffer, bytes.byteOffset + offset, length);
    columns[name] = column;
    offset = align(offset + column.byteLength);
  }
  return { header, columns };
}

function align(offset: number): number {
  return (offset + 7) & ~7;
}

function typeOf(column: PackedColumn): ColumnType {
  if (column instanceof Uint8Array) return "u8";
  if (column instanceof Uint16Array) return "u16";
  if (column instanceof Uint32Array) return "u32";
  return column instanceof Float32Array ? "f32" : "f64";
}

function damaged(why: string): RecoError {
  return new RecoError("bad-data", `A packed block in the store is damaged: ${why}. Restore from a backup.`);
}
