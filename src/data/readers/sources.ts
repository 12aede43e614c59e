import { RecoError } from "../../util/errors.ts";
import { didYouMean } from "../../util/nearest-names.ts";
import { replayed } from "./replayed.ts";

/** A file (or standard input) to read, not yet opened. */
export interface Source {
  /** The path as given or found; "-" for standard input. */
  readonly name: string;
  /** Bytes in the file; 0 when unknown. */
  readonly size: number;
}

const BLOCK = 1 << 18;

/**
 * Resolves paths, globs (`*`, `?`, `**`, `[…]`, `{a,b}`) and "-" (standard input) to files. The matches of a glob are sorted by name.
 *
 * @throws RecoError `not-found`, with similar names in the folder
 */
export async function findSources(source: string | readonly string[]): Promise<Source[]> {
  const { stat } = await import("node:fs/promises");
  const found: Source[] = [];
  for (const path of typeof source === "string" ? [source] : source) {
    if (path === "-") {
      found.push({ name: "-", size: 0 });
      continue;
    }
    const info = await stat(path).catch(() => undefined);
    if (info === undefined) {
      const names = /[*?[{]/.test(path) ? await expand(path) : [];
      if (names.length === 0) throw await missing(path);
      for (const name of names) found.push({ name, size: (await stat(name)).size });
    } else if (info.isDirectory()) {
      throw new RecoError("bad-input", `${path} is a folder. Pass its files (such as ${path}/*.csv), or the layout of the folder.`);
    } else found.push({ name: path, size: info.size });
  }
  if (found.length === 0) throw new RecoError("bad-input", "No input file given.");
  return found;
}

/** `path` or `path.gz`, whichever exists; undefined if neither does. */
export async function plainOrGzip(path: string): Promise<string | undefined> {
  const { stat } = await import("node:fs/promises");
  for (const candidate of [path, `${path}.gz`]) if (await stat(candidate).catch(() => undefined)) return candidate;
  return undefined;
}

/** The bytes of a source, decompressed if gzipped (detected by the first bytes, not the name). A block is valid until the next one is requested. */
export async function* readBytes(source: Source, onBytes?: (read: number) => void): AsyncGenerator<Uint8Array, void, undefined> {
  const raw = source.name === "-" ? standardInput() : fileBlocks(source.name);
  const counted = counting(raw, onBytes);
  const first = await counted.next();
  if (first.done) return;
  const rest = replayed(first.value, counted);
  yield* first.value[0] === 0x1f && first.value[1] === 0x8b ? gunzip(rest, source.name) : rest;
}

async function* counting(
  blocks: AsyncIterable<Uint8Array>,
  onBytes: ((read: number) => void) | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  let read = 0;
  for await (const block of blocks) {
    read += block.length;
    onBytes?.(read);
    yield block;
  }
}

async function* fileBlocks(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const { open } = await import("node:fs/promises");
  const file = await open(path).catch((cause) => {
    throw new RecoError("not-found", `Can't open ${path}: ${cause instanceof Error ? cause.message : cause}.`, { cause });
  });
  try {
    const block = new Uint8Array(BLOCK);
    for (;;) {
      const { bytesRead } = await file.read(block, 0, block.length);
      if (bytesRead === 0) return;
      yield block.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function* standardInput(): AsyncGenerator<Uint8Array, void, undefined> {
  const { default: process } = await import("node:process");
  for await (const chunk of process.stdin) yield typeof chunk === "string" ? new TextEncoder().encode(chunk) : (chunk as Uint8Array);
}

async function* gunzip(blocks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array, void, undefined> {
  const { createGunzip } = await import("node:zlib");
  const { Readable } = await import("node:stream");
  const copies = async function* () {
    // The stream keeps its input beyond the turn in which the block is valid.
    for await (const block of blocks) yield block.slice();
  };
  const from = Readable.from(copies(), { objectMode: false });
  const unzipped = from.pipe(createGunzip({ chunkSize: BLOCK }));
  from.on("error", (error) => unzipped.destroy(error));
  try {
    for await (const chunk of unzipped) yield chunk as Uint8Array;
  } catch (cause) {
    if (cause instanceof RecoError) throw cause;
    throw new RecoError("bad-data", `${name} is a damaged or truncated gzip file: ${cause instanceof Error ? cause.message : cause}.`, {
      cause,
    });
  } finally {
    from.destroy();
  }
}

/** The files that match a glob, sorted. */
async function expand(glob: string): Promise<string[]> {
  const { readdir } = await import("node:fs/promises");
  const { dirname } = await import("node:path");
  const fixed = dirname(glob.slice(0, glob.search(/[*?[{]/)).concat("x"));
  const pattern = globPattern(glob);
  const entries = await readdir(fixed, {
    recursive: glob.slice(fixed.length + 1).includes("/") || glob.includes("**"),
    withFileTypes: true,
  }).catch(() => []);
  const prefix = fixed === "." && !glob.startsWith("./") ? "" : fixed === "/" ? "/" : `${fixed}/`;
  const names = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => {
      const folder = entry.parentPath.replaceAll("\\", "/");
      const inside = folder === fixed ? "" : `${folder.slice(fixed === "." ? (folder.startsWith("./") ? 2 : 0) : fixed.length + 1)}/`;
      return `${prefix}${inside}${entry.name}`;
    });
  return names.filter((name) => pattern.test(name)).sort();
}

/** `**` matches any folders, `*` and `?` match within one name, `[…]` matches one of some characters, `{a,b}` one of some words. */
function globPattern(glob: string): RegExp {
  let depth = 0;
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|\[[^\]]+\]|[{},]|[.+^$()|\\\]]/g, (token) => {
    if (token === "**/") return "(?:.*/)?";
    if (token === "**") return ".*";
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    if (token.length > 1) return token.startsWith("[!") ? `[^${token.slice(2)}` : token;
    if (token === "{") {
      depth++;
      return "(?:";
    }
    if (token === "}" && depth > 0) {
      depth--;
      return ")";
    }
    if (token === ",") return depth > 0 ? "|" : ",";
    return `\\${token}`;
  });
  return new RegExp(`^${source}$`);
}

async function missing(path: string): Promise<RecoError> {
  const { readdir } = await import("node:fs/promises");
  const { basename, dirname } = await import("node:path");
  if (/[*?[{]/.test(path)) return new RecoError("not-found", `No file matches ${path}.`);
  const neighbors = await readdir(dirname(path)).catch(() => [] as string[]);
  return new RecoError("not-found", `No such file: ${path}.${didYouMean(basename(path), neighbors)}`);
}
