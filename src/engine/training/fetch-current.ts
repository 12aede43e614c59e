import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { throwIfAborted } from "../../util/progress.ts";
import type { FitInput } from "./fit-order.ts";

/** Writes the live models to a folder. @returns their paths by slot, without those that could not be read */
export async function fetchCurrent({ order, current, signal }: FitInput, folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const [i, { slot, current: serving }] of order.slots.entries()) {
    if (serving === undefined) continue;
    const path = join(folder, `serving-${i}.safetensors`);
    try {
      await pipeline(Readable.from(current(slot)), createWriteStream(path), { signal });
      files.set(slot, path);
    } catch {
      // A model of the same kind can be fitted and evaluated instead.
      throwIfAborted(signal);
    }
  }
  return files;
}
