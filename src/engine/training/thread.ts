import type { ResourceLimits, Worker } from "node:worker_threads";
import { type ErrorCode, errorCodes, RecoError } from "../../util/errors.ts";
import { throwIfAborted } from "../../util/progress.ts";
import { fetchCurrent } from "./fetch-current.ts";
import type { FitInput, PackedModel, SlotOutcome } from "./fit-order.ts";
import type { FromThread, ToThread } from "./messages.ts";
import { makeScratchFolder, removeScratchFolder } from "./scratch-folder.ts";

/** Bytes of the log sent before this thread yields to other work. */
const PORTION = 1 << 20;

/** Limits of the training thread. */
export interface ThreadLimits {
  /** Maximum heap of the thread; arrays of models are outside it. Node's default if absent. */
  readonly resourceLimits?: ResourceLimits;
  /** Milliseconds the thread has to stop by itself before it is terminated; 5,000 by default. */
  readonly grace?: number;
}

/**
 * Fits models in a separate thread: the default {@link FitRunner}. The calling thread only sends the packed log and receives the models.
 *
 * @throws RecoError `aborted` when the signal fires; whatever the fit throws; `unsupported` if the thread died (out of memory)
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
    // Awaited below; this prevents an unhandled rejection until then.
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

/** Reads a model file in a separate thread. @throws RecoError `not-found`, `bad-artifact`, `unknown-model` */
export async function loadInThread(path: string, modules: readonly string[] = []): Promise<PackedModel> {
  const worker = await startThread();
  try {
    let packed: PackedModel | undefined;
    const ended = endOf(worker, (message) => {
      if (message.type === "loaded") packed = message.packed;
    });
    send(worker, { type: "load", path, modules });
    await ended;
    if (packed === undefined) throw new RecoError("bad-artifact", `Could not read ${path}.`);
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

/** Resolves when the thread reports that everything is done; rejects when it fails or dies. */
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
              "The training thread ran out of memory. List smaller models in `training.models`, or give the server more memory.",
            )
          : error,
      );
    });
    worker.on("exit", (code) => reject(new Error(`The training thread exited before it was done (exit code ${code}).`)));
  });
}

/** Asks the thread to stop when the signal fires, and terminates it if it doesn't. @returns a function that removes the listener */
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
    // Copy just these bytes: the store may keep the original, and transferring a view would take its whole buffer.
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
