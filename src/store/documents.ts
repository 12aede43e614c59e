import { RecoError } from "../util/errors.ts";
import { SortedMap } from "./catalog/sorted-map.ts";
import { checkName } from "./check-writes.ts";
import type { CommitQueue } from "./commit-queue.ts";
import type { ProjectDraft } from "./project-draft.ts";
import type { Documents } from "./store.ts";

type Listener = (key: string, body: unknown) => void;

/** Documents in memory, by kind and key. */
export class DocumentTable {
  readonly #kinds = new Map<string, SortedMap<unknown>>();
  readonly #listeners = new Map<string, Listener[]>();

  get(kind: string, key: string): unknown {
    return this.#kinds.get(kind)?.get(key);
  }

  list(kind: string): { readonly key: string; readonly body: unknown }[] {
    const table = this.#kinds.get(kind);
    return table === undefined ? [] : table.page(undefined, table.size).map(({ key, value }) => ({ key, body: value }));
  }

  /** Sets the document, or removes it if the body is undefined, and notifies listeners. */
  set(kind: string, key: string, body: unknown): void {
    let table = this.#kinds.get(kind);
    if (table === undefined) {
      table = new SortedMap();
      this.#kinds.set(kind, table);
    }
    if (body === undefined) table.delete(key);
    else table.set(key, body);
    for (const listener of this.#listeners.get(kind) ?? []) listener(key, body);
  }

  onChange(kind: string, listener: Listener): void {
    this.#listeners.set(kind, [...(this.#listeners.get(kind) ?? []), listener]);
  }
}

/** The documents of a project, for use outside the store. Rejects kinds that the store uses itself. */
export function openDocuments(table: DocumentTable, queue: CommitQueue<ProjectDraft>): Documents {
  return {
    get(kind, key) {
      checkKind(kind);
      return table.get(kind, key);
    },
    list(kind) {
      checkKind(kind);
      return table.list(kind);
    },
    async put(kind, key, body) {
      checkKind(kind);
      checkName("key", key);
      const text = JSON.stringify(body);
      if (text === undefined)
        throw new RecoError("bad-input", `The document ${kind} "${key}" has no body. Pass one, or delete the document.`);
      checkName("body", text);
      await queue.submit((draft) => draft.put(kind, key, text));
    },
    async delete(kind, key) {
      checkKind(kind);
      checkName("key", key);
      return queue.submit((draft) => {
        const there = draft.get(kind, key) !== undefined;
        if (there) draft.put(kind, key, undefined);
        return there;
      });
    },
    onChange(kind, listener) {
      checkKind(kind);
      table.onChange(kind, listener);
    },
  };
}

function checkKind(kind: string): void {
  if (kind === "item" || kind === "user" || kind.startsWith("."))
    throw new RecoError("bad-input", `The document kind "${kind}" is reserved for the store. Use another kind.`);
  checkName("kind", kind);
}
