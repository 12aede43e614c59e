import { rmSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Dataset } from "../data/dataset.ts";
import { unfinishedFiles } from "../util/atomic-file.ts";
import { RecoError } from "../util/errors.ts";
import type { OnProgress } from "../util/progress.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs work that writes files completely or not at all. A signal such as Ctrl-C removes unfinished files and then ends the process as
 * usual. Signal handlers are set only while files are open, because a handler has to wait for the running computation, while the
 * default ends the process immediately.
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
 * Checks output paths before long work begins, so that a wrong one fails right away.
 *
 * @throws RecoError `bad-input` for a folder, `not-found` if the folder of the file is missing
 */
export async function checkWritable(paths: readonly (string | undefined)[]): Promise<void> {
  for (const path of paths) {
    if (path === undefined) continue;
    if ((await stat(path).catch(() => undefined))?.isDirectory())
      throw new RecoError("bad-input", `${path} is a folder. Pass the name of a file.`);
    const folder = dirname(path);
    if (!(await stat(folder).catch(() => undefined))?.isDirectory())
      throw new RecoError("not-found", `Can't write ${path}: there is no folder ${folder}.`);
  }
}

const DATASET_NAME = /\.(csv|tsv|jsonl|ndjson)(\.gz)?$|\.parquet$/i;

/** Rejects a name that doesn't imply a format, before anything is read. @throws RecoError `bad-input` */
export function checkDatasetName(path: string): void {
  if (!DATASET_NAME.test(path))
    throw new RecoError("bad-input", `${path}: the name must end in .csv, .tsv, .jsonl (optionally with .gz) or .parquet.`);
}

/** Writes datasets, each completely or not at all. */
export async function writeDatasets(
  files: readonly { readonly path: string; readonly data: Dataset }[],
  onProgress: OnProgress,
): Promise<void> {
  const { writeDataset } = await import("../data/write.ts");
  await writing(async () => {
    for (const { path, data } of files) await writeDataset(data, path, { onProgress });
  });
}
