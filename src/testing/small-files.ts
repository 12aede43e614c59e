import { mkdtempSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dataset } from "../data/dataset.ts";
import { loadDataset } from "../data/load.ts";
import type { LoadOptions } from "../data/load-options.ts";

/** A temporary folder for a test's files, with functions that write a file and load one as a dataset. */
export function smallFiles() {
  const folder = mkdtempSync(join(tmpdir(), "recobase-"));
  const file = async (name: string, content: string | Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  return {
    folder,
    file,
    load: async (content: string | Uint8Array, options?: LoadOptions, name = "data.csv"): Promise<Dataset> =>
      loadDataset(await file(name, content), options),
    remove: () => rm(folder, { recursive: true }),
  };
}

/** The interactions of a dataset with external ids: user, item, and weight, time and event type if present. */
export function rowsOf(data: Dataset): unknown[][] {
  const { user, item, weight, time, type } = data.interactions;
  return Array.from(user, (u, i) => [
    data.users.id(u),
    data.items.id(item[i]),
    ...(weight ? [weight[i]] : []),
    ...(time ? [time[i]] : []),
    ...(type ? [data.eventTypes[type[i]]] : []),
  ]);
}
