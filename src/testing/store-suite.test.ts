import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { openMemoryStorage } from "../store/memory/memory-storage.ts";
import { openStorage } from "../store/open-storage.ts";
import { openStore } from "../store/open-store.ts";
import type { Change, Storage, Write } from "../store/storage.ts";
import { type StorePlace, storeSuite } from "./store-suite.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recobase-store-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("a store in memory", () => {
  const storage = openMemoryStorage();
  run({ open: () => openStore(storage), shared: false, bytes: () => contentsOf(storage) });
});

describe("a store on disk", () => {
  let storage: Storage | undefined;
  run({
    async open() {
      storage = await openStorage(join(folder, "store.db"));
      return openStore(storage);
    },
    shared: false,
    bytes: () => contentsOf(storage),
  });
});

describe("stores of several servers sharing memory", () => {
  const servers = new Servers(openMemoryStorage());
  run({ open: () => openStore(servers.server()), shared: true });
});

const postgres = process.env.RECOBASE_TEST_POSTGRES;
if (postgres !== undefined)
  describe("stores of several servers sharing PostgreSQL", () => {
    run({ open: () => openStore(postgres), shared: true });
  });

function run(place: StorePlace): void {
  for (const check of storeSuite) test(check.name, () => check.run(place));
}

/** Everything a storage returns; its bytes on disk may be encrypted. */
async function contentsOf(storage: Storage | undefined): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (const project of (await storage?.projects()) ?? [])
    for await (const change of storage?.changes(project, 0) ?? [])
      parts.push(change.type === "segment" ? change.bytes : Buffer.from(`${change.kind} ${change.key} ${change.body}`));
  return Buffer.concat(parts);
}

/** Several servers sharing one in-process storage. */
class Servers {
  readonly #storage: Storage;
  readonly #told = new Set<(project: string) => void>();
  /** Deleted documents, which an in-process storage doesn't have to report. */
  readonly #deleted: { readonly project: string; readonly change: Change }[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** The storage as one server sees it: commits are serialized, each first gets the changes it missed, and then notifies the other servers. */
  server(): Storage {
    const storage = this.#storage;
    let own: ((project: string) => void) | undefined;
    return {
      ...storage,
      changes: (project, after) => this.#changes(project, after),
      commit: (project, after, prepare) => {
        const commit = this.#last.then(async () => {
          const missed: Change[] = [];
          for await (const change of this.#changes(project, after)) missed.push(change);
          let writes: readonly Write[] = [];
          const sequence = await storage.commit(project, after, () => {
            writes = prepare(missed);
            return writes;
          });
          for (const write of writes)
            if (write.type === "document" && write.body === undefined) this.#deleted.push({ project, change: { ...write, sequence } });
          for (const listener of this.#told) if (listener !== own) setTimeout(() => listener(project), 1);
          return sequence;
        });
        this.#last = commit.catch(() => {});
        return commit;
      },
      onForeignCommit: (listener) => {
        own = listener;
        this.#told.add(listener);
      },
      close: async () => {
        if (own !== undefined) this.#told.delete(own);
      },
    };
  }

  async *#changes(project: string, after: number): AsyncGenerator<Change> {
    const changes: Change[] = [];
    for await (const change of this.#storage.changes(project, after)) changes.push(change);
    for (const { project: of, change } of this.#deleted) if (of === project && change.sequence > after) changes.push(change);
    yield* changes.sort((a, b) => a.sequence - b.sequence);
  }
}
