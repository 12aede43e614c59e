import { rmSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Dataset } from "../data/dataset.ts";
import { unfinishedFiles } from "../util/atomic-file.ts";
import { RecoError } from "../util/errors.ts";
import type { OnProgress } from "../util/progress.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs work that writes files, whole or not at all. A signal (Ctrl-C) in its midst removes what was begun, and then ends the process as it
 * would without this. It listens while files are open and no longer: a listener waits for the running computation to come to an end,
 * where the default ends it at once.
 */
export async function writing<T>(work: () => Promise<T>): Promise<T> {
  const stop = (signal: NodeJS.Signals) => {
    for (const one of signals) process.removeListener(one, stop);
    for (const path of unfinishedFiles()) rmSync(path, { force: true });
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work();
  } finally {
    for (const signal of signals) process.removeListener(signal, stop);
  }
}

/**
 * Looks at the paths of results before long work begins, so that a wrong one fails at once.
 *
 * @throws RecoError `bad-input` for a folder, `not-found` where the folder of the file is missing
 */
export async function checkWritable(paths: readonly (string | undefined)[]): Promise<void> {
  for (const path of paths) {
    if (path === undefined) continue;
    if ((await stat(path).catch(() => undefined))?.isDirectory())
      throw new RecoError("bad-input", `${path} is a folder; give the name of a file to write.`);
    const folder = dirname(path);
    if (!(await stat(folder).catch(() => undefined))?.isDirectory())
      throw new RecoError("not-found", `There is no folder ${folder} to write ${path} into.`);
  }
}

const DATASET_NAME = /\.(csv|tsv|jsonl|ndjson)(\.gz)?$|\.parquet$/i;

/** Refuses a name that tells no format, before anything is read. @throws RecoError `bad-input` */
export function checkDatasetName(path: string): void {
  if (!DATASET_NAME.test(path))
    throw new RecoError("bad-input", `${path}: the name must end in .csv, .tsv, .jsonl (each also with .gz) or .parquet.`);
}

/** Writes datasets, each whole or not at all. */
export async function writeDatasets(
  files: readonly { readonly path: string; readonly data: Dataset }[],
  onProgress: OnProgress,
): Promise<void> {
  const { writeDataset } = await import("../data/write.ts");
  await writing(async () => {
    for (const { path, data } of files) await writeDataset(data, path, { onProgress });
  });
}
