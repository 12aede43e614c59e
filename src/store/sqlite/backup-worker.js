// @ts-check
// The thread that copies a database while others read and write it. Plain JavaScript, because Node 20 can't start workers from TypeScript.
import { parentPort, workerData } from "node:worker_threads";

const { module, path, target } = workerData;
process.removeAllListeners("warning");
const { DatabaseSync } = await import(module);
const db = new DatabaseSync(path, { readOnly: true });
/** @type {import("./failure.ts").SqliteFailure | undefined} */
let failure;
try {
  // Reads one state of the database, and writes it compactly.
  db.prepare("VACUUM INTO ?").run(target);
} catch (error) {
  const { message, errcode } = /** @type {import("./failure.ts").SqliteFailure} */ (error);
  failure = { message, errcode };
} finally {
  db.close();
}
parentPort?.postMessage(failure);
