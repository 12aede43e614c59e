import type { ResourceLimits, Worker } from "node:worker_threads";
import { type ErrorCode, errorCodes, RecoError } from "../../util/errors.ts";
import { throwIfAborted } from "../../util/progress.ts";
import { fetchCurrent } from "./fetch-current.ts";
import type { FitInput, PackedModel, SlotOutcome } from "./fit-order.ts";
import type { FromThread, ToThread } from "./messages.ts";
import { makeScratchFolder, removeScratchFolder } from "./scratch-folder.ts";

/** Bytes of the log handed over before other work of this thread gets its turn. */
const PORTION = 1 << 20;

/** Bounds on the training thread. */
export interface ThreadLimits {
  /** Bounds the thread's heap; arrays of models lie outside of it. Node's own when absent. */
  readonly resourceLimits?: ResourceLimits;
  /** Time that the thread has for stopping by itself before it is ended, in milliseconds; 5,000 by default. */
  readonly grace?: number;
}

/**
 * Fits models in a thread of their own: the default {@link FitRunner}. This thread does no more than hand over the packed log and take the
 * models.
 *
 * @throws RecoError `aborted` when the signal fires; whatever the fit throws; `unsupported` where the thread died (out of memory)
 */
export async function* fitInThread(input: FitInput, { resourceLimits, grace = 5000 }: ThreadLimits = {}): AsyncGenerator<SlotOutcome> {
  const { order, segments, features, signal, report } = input;
  const folder = await makeScratchFolder();
  let worker: Worker | undefined;
  let unlisten = () => {};
  try {
    const files = await fetchCurrent(input, folder);
    worker = await startThread(resourceLimits);
    const outcomes: SlotOutcome[] = [];
    let wake = () => {};
    let over = false;
    const ended = endOf(worker, (message) => {
      if (message.type === "progress") report(message.progress, message.task);
      else if (message.type === "outcome") {
        outcomes.push(message.outcome);
        wake();
      }
    });
    unlisten = stopping(worker, signal, grace);
    send(worker, { type: "fit", order, features, folder, files });
    const done = Promise.all([ended, handOver(worker, segments, signal)]).finally(() => {
      over = true;
      wake();
    });
    // It is awaited below; until then a rejection is no one's.
    done.catch(() => {});
    while (!over || outcomes.length > 0) {
      const outcome = outcomes.shift();
      if (outcome !== undefined) yield outcome;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
    await done;
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  } finally {
    unlisten();
    await worker?.terminate();
    await removeScratchFolder(folder);
  }
}

/** Reads a model file in a thread of its own. @throws RecoError `not-found`, `bad-artifact`, `unknown-model` */
export async function loadInThread(path: string, modules: readonly string[] = []): Promise<PackedModel> {
  const worker = await startThread();
  try {
    let packed: PackedModel | undefined;
    const ended = endOf(worker, (message) => {
      if (message.type === "loaded") packed = message.packed;
    });
    send(worker, { type: "load", path, modules });
    await ended;
    if (packed === undefined) throw new RecoError("bad-artifact", `${path} could not be read.`);
    return packed;
  } finally {
    await worker.terminate();
  }
}

async function startThread(resourceLimits?: ResourceLimits): Promise<Worker> {
  const { Worker } = await import("node:worker_threads");
  const module = new URL(`./fit-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url).href;
  return new Worker(new URL("./worker.js", import.meta.url), {
    workerData: { module },
    ...(resourceLimits && { resourceLimits }),
  });
}

/** Resolves when the thread says that all is done, rejects when it fails or dies. */
function endOf(worker: Worker, listener: (message: FromThread) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on("message", (message: FromThread) => {
      if (message.type === "done") resolve();
      else if (message.type === "failed")
        reject(
          message.code !== undefined && Object.hasOwn(errorCodes, message.code)
            ? new RecoError(message.code as ErrorCode, message.message)
            : new Error(message.message),
        );
      else listener(message);
    });
    worker.on("error", (error: NodeJS.ErrnoException) => {
      const outOfMemory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
      reject(
        outOfMemory
          ? new RecoError(
              "unsupported",
              "The training thread ran out of memory. Name lighter models in `training.models`, or give the server more memory.",
            )
          : error,
      );
    });
    worker.on("exit", (code) => reject(new Error(`The training thread ended before it was done (exit code ${code}).`)));
  });
}

/** Asks the thread to stop when the signal fires, and ends it if it does not. @returns what undoes that */
function stopping(worker: Worker, signal: AbortSignal, grace: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    send(worker, { type: "stop" });
    timer = setTimeout(() => void worker.terminate(), grace);
  };
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  return () => {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  };
}

async function handOver(worker: Worker, segments: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
  let portion = 0;
  for await (const segment of segments) {
    throwIfAborted(signal);
    // A copy of just these bytes: the store may keep its own, and a view would take its whole buffer along.
    const bytes = new Uint8Array(segment);
    worker.postMessage({ type: "segment", bytes } satisfies ToThread, [bytes.buffer]);
    portion += bytes.length;
    if (portion < PORTION) continue;
    portion = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
  send(worker, { type: "end" });
}

function send(worker: Worker, message: ToThread): void {
  worker.postMessage(message);
}
