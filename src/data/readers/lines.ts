import { throwIfAborted } from "../../util/progress.ts";

/** Some whole lines of a file, without their line feeds; `first` is the number of the first, from 1. Undefined for a line that can't be decoded. */
export interface Lines {
  readonly first: number;
  readonly lines: readonly (string | undefined)[];
}

/** The lines of a stream of bytes, in blocks, without a byte-order mark and carriage returns. */
export async function* readLines(
  blocks: AsyncIterable<Uint8Array>,
  options: { encoding?: "utf-8" | "latin1"; signal?: AbortSignal } = {},
): AsyncGenerator<Lines, void, undefined> {
  const decoder = new TextDecoder(options.encoding ?? "utf-8", { fatal: true, ignoreBOM: true });
  let rest = new Uint8Array(0);
  let first = 1;
  const decoded = (bytes: Uint8Array): string[] | undefined => {
    try {
      return decoder.decode(bytes).split("\n");
    } catch {
      return undefined;
    }
  };
  const linesOf = (bytes: Uint8Array): Lines => {
    const from = first === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    const text = bytes.subarray(from);
    const lines: (string | undefined)[] = decoded(text) ?? splitBytes(text).map((line) => decoded(line)?.[0]);
    const block = { first, lines: lines.map((line) => (line?.endsWith("\r") ? line.slice(0, -1) : line)) };
    first += lines.length;
    return block;
  };
  for await (const block of blocks) {
    throwIfAborted(options.signal);
    const end = block.lastIndexOf(10);
    const all = new Uint8Array(rest.length + block.length);
    all.set(rest);
    all.set(block, rest.length);
    if (end >= 0) yield linesOf(all.subarray(0, rest.length + end));
    rest = end < 0 ? all : all.slice(rest.length + end + 1);
  }
  if (rest.length > 0) yield linesOf(rest);
}

function splitBytes(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let from = 0; ; ) {
    const end = bytes.indexOf(10, from);
    lines.push(bytes.subarray(from, end < 0 ? bytes.length : end));
    if (end < 0) return lines;
    from = end + 1;
  }
}
