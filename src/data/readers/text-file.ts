import { RecoError } from "../../util/errors.ts";
import { replayed } from "./replayed.ts";

/** A file as UTF-8 text with line feeds. */
export interface TextFile {
  readonly blocks: AsyncIterableIterator<Uint8Array, undefined, undefined>;
  /** Whether these are the bytes of the file, unchanged. */
  readonly plain: boolean;
  /** What the file is in, unless that is UTF-8, and how that was found out. */
  readonly encoding?: { readonly name: string; readonly by: "given" | "mark" | "guess" };
}

/**
 * The encoding that a label stands for, by the WHATWG encoding standard: `latin1` is `windows-1252`, which contains it.
 *
 * @throws RecoError `bad-input`
 */
export function encodingOf(label: string): string {
  try {
    return new TextDecoder(label).encoding;
  } catch (cause) {
    const message = `Unknown encoding: ${JSON.stringify(label.slice(0, 40))}. Use utf-8, utf-16le, windows-1252 or another name that browsers know.`;
    throw new RecoError("bad-input", message, { cause });
  }
}

/** The beginning of a file is what arrives up to the first line feed, but not more than this. */
const BEGINNING = 1 << 16;

const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;

/** Files that are no text, by their first bytes (as Latin-1), and what to do with them. */
const OTHERS: readonly (readonly [begins: string, what: string, instead: string])[] = [
  ["PK\x03\x04", "a ZIP archive", "Unpack it"],
  ["\xd0\xcf\x11\xe0", "an Excel workbook (XLS)", "Save the sheet as CSV in UTF-8"],
  ["%PDF-", "a PDF document", "Export the data as CSV"],
  ["SQLite format 3", "an SQLite database", "Export its table as CSV"],
  ["\x1f\x8b", "a gzip archive", "Unpack it"],
  ["BZh", "a bzip2 archive", "Unpack it"],
  ["\x28\xb5\x2f\xfd", "a Zstandard archive", "Unpack it"],
  ["7z\xbc\xaf", "a 7-Zip archive", "Unpack it"],
];

/** What a file is if it is no text, and what to do with it. */
function otherThanText(beginning: string): readonly [what: string, instead: string] | undefined {
  if (/^\s*<(?:!doctype html|html|head|body|table)\b/i.test(beginning))
    return ["an HTML page", "Export the data as CSV; if the file came from a link, that may have led to a login page"];
  const found = OTHERS.find(([begins]) => beginning.startsWith(begins));
  if (found?.[0] === "PK\x03\x04" && /xl\/|\[Content_Types\]/.test(beginning))
    return ["an Excel workbook (XLSX)", "Save the sheet as CSV in UTF-8"];
  return found && [found[1], found[2]];
}

/**
 * Reads a file as text, whatever encoding it is in: as `given`, by its byte-order mark, or by a guess if it isn't UTF-8. Lines that end in carriage
 * returns alone get line feeds. Parquet passes unchanged.
 *
 * @param name of the file, for messages
 * @throws RecoError `bad-data`, naming what it is, for a workbook, an archive or an HTML page
 */
export async function readText(bytes: AsyncIterable<Uint8Array>, name: string, given?: string): Promise<TextFile> {
  const blocks = bytes[Symbol.asyncIterator]();
  try {
    const first = await beginningOf(blocks);
    return await decoded(first, replayed(first.length > 0 ? first : undefined, blocks), name, given);
  } catch (error) {
    await blocks.return?.();
    throw error;
  }
}

async function decoded(
  first: Uint8Array,
  all: AsyncIterableIterator<Uint8Array, undefined, undefined>,
  name: string,
  given: string | undefined,
): Promise<TextFile> {
  const beginning = Buffer.from(first.buffer, first.byteOffset, Math.min(first.length, 4096)).toString("latin1");
  if (beginning.startsWith("PAR1")) return { blocks: all, plain: true };
  const other = otherThanText(beginning);
  if (other !== undefined) {
    const [what, instead] = other;
    throw new RecoError("bad-data", `${name} is ${what}, not text. ${instead}.`);
  }
  const mark = byteOrderMark(first);
  const encoding = given === undefined ? (mark ?? (await guessed(first))) : /^utf-16/.test(given) && mark ? mark : givenAs(given);
  const converts = encoding !== undefined && encoding.name !== "utf-8";
  const start = converts ? Buffer.from(new TextDecoder(encoding.name).decode(first)) : first;
  const returns = start.includes(CARRIAGE_RETURN) && !start.includes(LINE_FEED);
  if (!converts && !returns) return { blocks: all, plain: true };
  const convert = converter(converts ? encoding.name : undefined, returns);
  return { blocks: mapped(all, convert), plain: false, ...(converts && { encoding }) };
}

/** The first bytes, until there is a line or enough of them. */
async function beginningOf(blocks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const { value, done } = await blocks.next();
  let first: Uint8Array = done ? new Uint8Array(0) : value;
  while (first.length > 0 && first.length < BEGINNING && !first.includes(LINE_FEED)) {
    // A block is valid until the next one is requested.
    const before = first.slice();
    const next = await blocks.next();
    if (next.done) return before;
    first = new Uint8Array(before.length + next.value.length);
    first.set(before);
    first.set(next.value, before.length);
  }
  return first;
}

function givenAs(label: string): TextFile["encoding"] {
  return { name: encodingOf(label), by: "given" };
}

function byteOrderMark(first: Uint8Array): TextFile["encoding"] {
  if (first[0] === 0xff && first[1] === 0xfe) return { name: "utf-16le", by: "mark" };
  if (first[0] === 0xfe && first[1] === 0xff) return { name: "utf-16be", by: "mark" };
  return undefined;
}

/** What a file without a byte-order mark that begins like this is in; undefined for UTF-8. */
async function guessed(first: Uint8Array): Promise<TextFile["encoding"]> {
  // Text in UTF-16 has a zero in every other byte, and other text has none.
  const zeros = [0, 0];
  const looked = Math.min(first.length, 1024) & ~1;
  for (let i = 0; i < looked; i++) if (first[i] === 0) zeros[i & 1]++;
  if (looked >= 4 && zeros[1] > looked / 5 && zeros[0] < zeros[1] / 4) return { name: "utf-16le", by: "guess" };
  if (looked >= 4 && zeros[0] > looked / 5 && zeros[1] < zeros[0] / 4) return { name: "utf-16be", by: "guess" };
  const { isUtf8 } = await import("node:buffer");
  if (isUtf8(first)) return undefined;
  // Without a single letter of UTF-8 beyond ASCII, it is a file of one byte per letter. With some, it is UTF-8 with bad rows.
  const beyond = new TextDecoder().decode(first, { stream: true }).replace(/[^\u0080-\u{10ffff}]/gu, "");
  const undefinedBytes = first.some((byte) => byte === 0x81 || byte === 0x8d || byte === 0x8f || byte === 0x90 || byte === 0x9d);
  return /^\ufffd+$/.test(beyond) && !undefinedBytes ? { name: "windows-1252", by: "guess" } : undefined;
}

/** Converts blocks to UTF-8 with line feeds; without a block, what is left. */
function converter(encoding: string | undefined, returns: boolean): (block?: Uint8Array) => Uint8Array {
  const decoder = encoding === undefined ? undefined : new TextDecoder(encoding);
  return (block) => {
    const text = decoder === undefined ? (block ?? new Uint8Array(0)) : Buffer.from(decoder.decode(block, { stream: block !== undefined }));
    return returns ? text.map((byte) => (byte === CARRIAGE_RETURN ? LINE_FEED : byte)) : text;
  };
}

/** Blocks, each converted, and at the end what is left. Closing it closes them, also if nothing was read yet. */
function mapped(
  blocks: AsyncIterableIterator<Uint8Array, undefined, undefined>,
  convert: (block?: Uint8Array) => Uint8Array,
): AsyncIterableIterator<Uint8Array, undefined, undefined> {
  let over = false;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (over) return { value: undefined, done: true };
      const { value, done } = await blocks.next();
      if (!done) return { value: convert(value), done: false };
      over = true;
      const rest = convert();
      return rest.length > 0 ? { value: rest, done: false } : { value: undefined, done: true };
    },
    async return() {
      over = true;
      await blocks.return?.();
      return { value: undefined, done: true };
    },
  };
}
