import type { Dataset } from "../data/dataset.ts";
import { RecoError } from "../util/errors.ts";
import type { OnProgress } from "../util/progress.ts";
import { writing } from "./writing.ts";

const NAME = /\.(csv|tsv|jsonl|ndjson)(\.gz)?$|\.parquet$/i;

/** Refuses a name that tells no format, before anything is read. @throws RecoError `bad-input` */
export function checkDatasetName(path: string): void {
  if (!NAME.test(path))
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
