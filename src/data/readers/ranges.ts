import { RecoError } from "../../util/errors.ts";
import { throwIfAborted } from "../../util/progress.ts";
import { BLOCK, CleanRows } from "./clean-rows.ts";
import type { CollectedPart, Collector } from "./collector.ts";
import type { ReadRequest } from "./read-request.ts";
import type { ScanPlan } from "./scan-rows.ts";

/** Whole lines of a file, from one byte up to another. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A read request for a worker. */
export interface RangeRequest {
  readonly plan: ScanPlan;
  readonly range: Range;
  /** Lines to skip. */
  readonly skip: number;
  /** Rows to reserve room for. */
  readonly rows: number;
}

/** A message from a worker: its progress in bytes and rows, and at the end the rows, undefined if the text is not clean. */
export type RangeMessage = { readonly read: number; readonly rows: number } | { readonly part: CollectedPart | undefined };

/** Shorter ranges are not worth a worker. */
const WORTHWHILE = 1 << 24;

/**
 * Reads a clean delimited file. A long file is read in as many ranges as there are processors, each in its own worker, with the same result as in
 * one piece. Returns false, and leaves the collector unchanged, if the file is not clean.
 *
 * @param skip lines to skip at the start
 * @param expectedRows in the whole file, as a hint
 */
export async function readCleanFile(
  request: ReadRequest,
  plan: ScanPlan,
  skip: number,
  expectedRows: number,
  collector: Collector,
): Promise<boolean> {
  if (!CleanRows.suits(plan)) return false;
  const { availableParallelism } = await import("node:os");
  const workers = workersRun() ? Math.min(availableParallelism(), Math.floor(request.size / WORTHWHILE)) : 1;
  const ranges = await cutIntoRanges(plan.name, request.size, Math.max(1, workers));
  const requests = ranges.map((range, i) => ({ plan, range, skip: i === 0 ? skip : 0, rows: Math.ceil(expectedRows / ranges.length) }));
  const parts =
    requests.length > 1 ? await readInWorkers(requests, request) : [await readRange(requests[0], request.onBytes, request.signal)];
  if (parts.includes(undefined) || !collector.accepts(parts as CollectedPart[])) return false;
  const rows = parts.reduce((size, part) => size + (part as CollectedPart).size, 0);
  request.onBytes?.(request.size, rows);
  collector.reserve(collector.size + rows);
  // Released one by one, because together they are as large as the whole.
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) collector.absorb(part);
  return true;
}

/** Reads one range. Returns undefined if the text is not clean. */
export async function readRange(
  request: RangeRequest,
  onRead?: (read: number, rows: number) => void,
  signal?: AbortSignal,
): Promise<CollectedPart | undefined> {
  const { open } = await import("node:fs/promises");
  const { isUtf8 } = await import("node:buffer");
  const { plan, range, skip, rows } = request;
  const reader = new CleanRows(plan, { skip, middle: range.from > 0, rows, isUtf8 });
  const file = await open(plan.name);
  try {
    for (let at = range.from; at < range.to; ) {
      throwIfAborted(signal);
      const { bytesRead } = await file.read(reader.room(), 0, Math.min(BLOCK, range.to - at), at);
      at += bytesRead;
      if (bytesRead === 0 || !reader.take(bytesRead, at === range.to)) return undefined;
      onRead?.(at - range.from, reader.rows);
    }
    return reader.part();
  } finally {
    await file.close();
  }
}

/** Cuts a file after line feeds, into at most this many ranges of similar size. */
export async function cutIntoRanges(path: string, size: number, count: number): Promise<Range[]> {
  const { open } = await import("node:fs/promises");
  const file = await open(path);
  try {
    const block = new Uint8Array(1 << 12);
    const ranges: Range[] = [];
    for (let i = 1, from = 0; from < size; i++) {
      let to = i >= count ? size : Math.max(from, Math.floor((i * size) / count));
      while (to < size) {
        const { bytesRead } = await file.read(block, 0, block.length, to);
        const lineFeed = block.subarray(0, bytesRead).indexOf(10);
        to = bytesRead === 0 ? size : to + (lineFeed < 0 ? bytesRead : lineFeed + 1);
        if (lineFeed >= 0) break;
      }
      ranges.push({ from, to });
      from = to;
    }
    return ranges;
  } finally {
    await file.close();
  }
}

/** Workers can run source files only if the runtime strips types. */
function workersRun(): boolean {
  const features = globalThis.process?.features as { readonly typescript?: unknown } | undefined;
  return !import.meta.url.endsWith(".ts") || Boolean(features?.typescript);
}

async function readInWorkers(requests: readonly RangeRequest[], { onBytes, signal }: ReadRequest): Promise<(CollectedPart | undefined)[]> {
  const { Worker } = await import("node:worker_threads");
  const url = new URL(`./range-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);
  const workers = requests.map(() => new Worker(url));
  const stop = () => {
    for (const worker of workers) void worker.terminate();
  };
  signal?.addEventListener("abort", stop, { once: true });
  const read = requests.map(() => 0);
  const rows = requests.map(() => 0);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const answerOf = (worker: InstanceType<typeof Worker>, i: number) =>
    new Promise<CollectedPart | undefined>((resolve, reject) => {
      worker.on("message", (message: RangeMessage) => {
        if ("part" in message) {
          // One unclean range makes the whole file unclean, so the others can stop.
          if (message.part === undefined) stop();
          return resolve(message.part);
        }
        read[i] = message.read;
        rows[i] = message.rows;
        onBytes?.(sum(read), sum(rows));
      });
      worker.on("error", reject);
      worker.on("exit", () => resolve(undefined));
      worker.postMessage(requests[i]);
    });
  try {
    const parts = await Promise.all(workers.map(answerOf));
    throwIfAborted(signal);
    return parts;
  } catch (cause) {
    throwIfAborted(signal);
    throw new RecoError("bad-data", `Can't read ${requests[0].plan.name}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  } finally {
    signal?.removeEventListener("abort", stop);
    stop();
  }
}
