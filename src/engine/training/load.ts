import { join } from "node:path";
import type { FittedModel } from "../../model/fitted-model.ts";
import { RecoError } from "../../util/errors.ts";
import type { ModelStore, StoredModel } from "./model-store.ts";
import type { ModelTable } from "./model-table.ts";
import { unpackModel } from "./pack-model.ts";
import { withScratchFolder } from "./scratch-folder.ts";
import { loadInThread } from "./thread.ts";

/** The models that may be loaded: those known here, and the modules in which another thread finds your own. */
export interface Loadable {
  readonly models: ModelTable;
  readonly modules: readonly string[];
}

/** Loads a kept model, in a thread of its own but for its arrays' names. @throws RecoError `not-found`, `bad-artifact`, `unknown-model` */
export async function loadStored(store: ModelStore, id: string, { models, modules }: Loadable): Promise<FittedModel> {
  return await withScratchFolder(async (folder) => {
    const path = join(folder, "model.safetensors");
    await store.fetch(id, path);
    return unpackModel(await loadInThread(path, modules), models);
  });
}

/**
 * Loads what serves a slot. Where its file is damaged or missing, that model is rejected, the newest older one that can be read takes its
 * place, and `log` is told.
 *
 * @returns undefined where the slot has none that can be read
 * @throws RecoError `storage-failed`
 */
export async function loadInService(
  store: ModelStore,
  slot: string,
  loadable: Loadable,
  log: (message: string) => void,
): Promise<{ model: FittedModel; stored: StoredModel } | undefined> {
  for (let id = store.inService(slot); id !== undefined; ) {
    const stored = store.get(id);
    try {
      if (stored === undefined) throw new RecoError("not-found", `The record of the model ${id} is missing.`);
      return { model: await loadStored(store, id, loadable), stored };
    } catch (error) {
      // Another process may have put up the next one, and let go of this one, while it was read.
      const now = store.inService(slot);
      if (now !== id) {
        id = now;
        continue;
      }
      if (!(error instanceof RecoError) || !["bad-artifact", "not-found", "unknown-model"].includes(error.code)) throw error;
      const next = olderThan(store, slot, stored);
      const instead = next === undefined ? "No other is kept; the slot is empty until the next fit" : `The model ${next.id} serves instead`;
      log(`The model ${id} of ${slot} cannot be loaded: ${error.message} ${instead}.`);
      if (next !== undefined) await store.serve(slot, next.id);
      await store.reject(id, `Its file cannot be read: ${error.message}`);
      id = next?.id;
    }
  }
  return undefined;
}

function olderThan(store: ModelStore, slot: string, model: StoredModel | undefined): StoredModel | undefined {
  return store
    .stored(slot)
    .find((other) => !other.rejected && other.id !== model?.id && (model === undefined || other.created <= model.created));
}
