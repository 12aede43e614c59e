import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { writeAtomically } from "../../util/atomic-file.ts";
import { RecoError } from "../../util/errors.ts";
import { type SqliteFailure, storageFailure } from "./failure.ts";

/**
 * Copies a database to a new file, completely or not at all, as of one moment. Others can read and write it meanwhile.
 *
 * @throws RecoError `conflict` if `target` exists, `storage-failed` if the disk fails
 */
export async function backUp(module: string, path: string, target: string): Promise<void> {
  const there = await access(target).then(
    () => true,
    () => false,
  );
  if (there) throw new RecoError("conflict", `${target} already exists. Choose a new name for the backup, or move that file away.`);
  try {
    await writeAtomically(resolve(target), (temporary) => copy(module, path, temporary));
  } catch (error) {
    throw storageFailure(target, error);
  }
}

function copy(module: string, path: string, target: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./backup-worker.js", import.meta.url), { workerData: { module, path, target }, execArgv: [] });
    worker.on("message", (failure: SqliteFailure | undefined) => (failure === undefined ? resolve() : reject(failure)));
    worker.on("error", reject);
    worker.on("exit", () => reject(new Error("the backup thread ended")));
  });
}
