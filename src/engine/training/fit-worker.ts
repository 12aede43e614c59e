import { getPriority, setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { allocateEvents, copyEvents, type EventColumns } from "../../data/event-columns.ts";
import { createBackend } from "../../kernel/backend.ts";
import { loadModel } from "../../models/load-model.ts";
import { readSegment } from "../../store/segment.ts";
import { RecoError } from "../../util/errors.ts";
import { fitSlots } from "./fit-slots.ts";
import type { FitOrder, FromThread, LoadOrder, ToThread } from "./messages.ts";
import { buffersOf, packModel } from "./pack-model.ts";

// The thread in which models are fitted and loaded; the other end of thread.ts. It takes one order and falls silent.
const port = parentPort;
if (port === null) throw new Error("fit-worker is made to be run as a worker");

const stop = new AbortController();
const parts: EventColumns[] = [];
let order: FitOrder | undefined;

port.on("message", (message: ToThread) => {
  if (message.type === "load") void finish(runLoad(message));
  else if (message.type === "fit") order = message;
  else if (message.type === "segment") parts.push(columnsOf(message.bytes));
  else if (message.type === "stop") stop.abort();
  else if (order !== undefined) void finish(runFit(order));
});

async function runLoad({ path }: LoadOrder): Promise<void> {
  const packed = packModel(await loadModel(path));
  send({ type: "loaded", packed }, buffersOf(packed));
}

async function runFit(order: FitOrder): Promise<void> {
  stepBack();
  const backend = createBackend({ threads: order.threads });
  try {
    let told = 0;
    const report = (progress: number, task: string) => {
      // Progress is for people: a few times a second is enough.
      if (performance.now() - told < 100) return;
      told = performance.now();
      send({ type: "progress", progress, task });
    };
    for await (const outcome of fitSlots(order, joined(), { backend, signal: stop.signal, report }))
      send({ type: "outcome", outcome }, outcome.fitted === undefined ? [] : buffersOf(outcome.fitted.packed));
  } finally {
    backend.close();
  }
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

/** Requests come before training. On Linux a priority is that of the calling thread and of those it starts; elsewhere it would be all. */
function stepBack(): void {
  if (process.platform !== "linux") return;
  try {
    setPriority(Math.max(10, getPriority()));
  } catch {
    // Where it is not allowed, the system shares fairly.
  }
}

function columnsOf(bytes: Uint8Array): EventColumns {
  const { length, user, item, type, value, time } = readSegment(bytes);
  return { length, user, item, type, value, time };
}

/** All segments as one, each let go of as it is taken over. */
function joined(): EventColumns {
  const all = allocateEvents(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    copyEvents(part, all, at);
    at += part.length;
  }
  return all;
}
