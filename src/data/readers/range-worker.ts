import { parentPort } from "node:worker_threads";
import { type RangeMessage, type RangeRequest, readRange } from "./ranges.ts";

// The other end of readInWorkers in ranges.ts: reads one range, then waits.
const port = parentPort;
if (port === null) throw new Error("range-worker must run as a worker");
const send = (message: RangeMessage, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

/** Bytes between two progress messages. */
const PACE = 1 << 22;

port.once("message", async (request: RangeRequest) => {
  let told = 0;
  const part = await readRange(request, (read, rows) => {
    if (read - told < PACE) return;
    told = read;
    send({ read, rows });
  });
  const columns = part === undefined ? [] : [part.user, part.item, part.weight, part.time, part.type];
  send(
    { part },
    columns.map(({ buffer }) => buffer),
  );
});
