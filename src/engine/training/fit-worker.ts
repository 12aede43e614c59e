import { getPriority, setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { loadModel } from "../../models/load-model.ts";
import { RecoError } from "../../util/errors.ts";
import { EventLog, fitLog } from "./fit-here.ts";
import type { FromThread, ThreadOrder, ToThread } from "./messages.ts";
import { loadModelTable } from "./model-table.ts";
import { buffersOf, packModel } from "./pack-model.ts";

// The thread that fits and loads models; the other end of thread.ts. It handles one order.
const port = parentPort;
if (port === null) throw new Error("fit-worker must run as a worker thread");

type FitOf = Extract<ThreadOrder, { type: "fit" }>;

const stop = new AbortController();
const log = new EventLog();
let fit: FitOf | undefined;

port.on("message", (message: ToThread) => {
  if (message.type === "load") void finish(runLoad(message));
  else if (message.type === "fit") fit = message;
  else if (message.type === "segment") log.add(message.bytes);
  else if (message.type === "stop") stop.abort();
  else if (fit !== undefined) void finish(runFit(fit));
});

async function runLoad({ path, modules }: Extract<ThreadOrder, { type: "load" }>): Promise<void> {
  const models = Object.values(await loadModelTable(modules));
  const packed = packModel(await loadModel(path, { models }));
  send({ type: "loaded", packed }, buffersOf(packed));
}

async function runFit({ order, features, folder, files }: FitOf): Promise<void> {
  stepBack();
  const report = (progress: number, task: string) => send({ type: "progress", progress, task });
  for await (const outcome of fitLog({ order, features, signal: stop.signal, report }, log, { folder, files }))
    send({ type: "outcome", outcome }, outcome.fitted?.packed === undefined ? [] : buffersOf(outcome.fitted.packed));
}

async function finish(work: Promise<void>): Promise<void> {
  try {
    await work;
    send({ type: "done" });
  } catch (error) {
    const code = error instanceof RecoError ? error.code : undefined;
    send({ type: "failed", code, message: error instanceof Error ? error.message : String(error) });
  }
  port?.close();
}

function send(message: FromThread, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}

/**
 * Gives requests priority over training. Only on Linux does this affect just the calling thread and those it starts, not the whole process.
 */
function stepBack(): void {
  if (process.platform !== "linux") return;
  try {
    setPriority(Math.max(10, getPriority()));
  } catch {
    // If not permitted, keep the default priority.
  }
}
