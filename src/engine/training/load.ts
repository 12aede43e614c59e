import { join } from "node:path";
import type { FittedModel } from "../../model/fitted-model.ts";
import { RecoError } from "../../util/errors.ts";
import type { ModelStore, StoredModel } from "./model-store.ts";
import type { ModelTable } from "./model-table.ts";
import { unpackModel } from "./pack-model.ts";
import { withScratchFolder } from "./scratch-folder.ts";
import { loadInThread } from "./thread.ts";

/** The models that can be loaded: those known here, and the modules from which another thread imports custom ones. */
export interface Loadable {
  readonly models: ModelTable;
  readonly modules: readonly string[];
}

/** Loads a kept model in a separate thread. @throws RecoError `not-found`, `bad-artifact`, `unknown-model` */
export async function loadStored(store: ModelStore, id: string, { models, modules }: Loadable): Promise<FittedModel> {
  return await withScratchFolder(async (folder) => {
    const path = join(folder, "model.safetensors");
    await store.fetch(id, path);
    return unpackModel(await loadInThread(path, modules), models);
  });
}

/**
 * Loads the live model of a slot. If its file is damaged or missing, the model is rejected and the newest readable older one replaces it,
 * with a message to `log`. A model whose definition this process doesn't have is left alone.
 *
 * @returns undefined if the slot has no readable model
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
      // Another process may have published the next model and deleted this one while it was being read.
      const now = store.inService(slot);
      if (now !== id) {
        id = now;
        continue;
      }
      if (!(error instanceof RecoError) || !["bad-artifact", "not-found", "unknown-model"].includes(error.code)) throw error;
      // Nothing is wrong with the file: a process that has the module can still use it.
      if (error.code === "unknown-model") {
        log(`Could not load the model ${id} of ${slot}: ${error.message} It stays stored; this process goes without it.`);
        return undefined;
      }
      const next = olderThan(store, slot, stored);
      const instead = next === undefined ? "No other version is kept, so the slot is empty until the next fit" : `Using ${next.id} instead`;
      log(`Could not load the model ${id} of ${slot}: ${error.message} ${instead}.`);
      if (next !== undefined) await store.serve(slot, next.id);
      await store.reject(id, `Could not read its file: ${error.message}`);
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
