import { RecoError } from "../util/errors.ts";
import type { Change, Storage, Write } from "./storage.ts";

/** The in-memory state that a queue keeps in sync with the disk. */
export interface Ledger<Draft> {
  /** The last commit that is in the state. */
  readonly seen: number;
  begin(): Draft;
  writes(draft: Draft): readonly Write[];
  /** Applies a committed draft to the state. */
  committed(draft: Draft, sequence: number): void;
  /** Applies changes of other processes to the state. May be called twice with the same changes. */
  follow(changes: readonly Change[]): void;
}

interface Work<Draft> {
  readonly prepare: (draft: Draft) => unknown;
  readonly rows: number;
  readonly alone: boolean;
  resolve(value: unknown): void;
  reject(error: unknown): void;
  outcome: { readonly value: unknown } | { readonly error: unknown } | undefined;
}

/** A commit takes waiting work until it has this many rows. */
const FULL = 1 << 16;

/**
 * Serializes the commits of one project. Everything submitted during a commit goes into the next one, so a thousand callers share one disk
 * write. Catching up with other processes goes through the same queue.
 */
export class CommitQueue<Draft> {
  readonly #storage: Storage;
  readonly #project: string;
  readonly #ledger: Ledger<Draft>;
  #waiting: Work<Draft>[] = [];
  #refreshers: { resolve(): void; reject(error: unknown): void }[] = [];
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(storage: Storage, project: string, ledger: Ledger<Draft>) {
    this.#storage = storage;
    this.#project = project;
    this.#ledger = ledger;
  }

  /**
   * Resolves with the result of `prepare` once its changes are on disk and in the state. If `prepare` throws, it must leave the draft
   * unchanged; the rest of the commit goes ahead.
   *
   * @param rows approximate number of rows it adds
   * @param alone whether it needs a commit of its own
   */
  submit<T>(prepare: (draft: Draft) => T, rows = 1, alone = false): Promise<T> {
    if (this.#closed) return Promise.reject(closed());
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ prepare, rows, alone, resolve: resolve as (value: unknown) => void, reject, outcome: undefined });
      this.#start();
    });
  }

  /** Resolves when everything committed before the call, by any process, is in the state. */
  refresh(): Promise<void> {
    if (this.#closed) return Promise.reject(closed());
    return new Promise((resolve, reject) => {
      this.#refreshers.push({ resolve, reject });
      this.#start();
    });
  }

  /** Resolves when pending work is done. Later calls are rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  #start(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // Calls made in the same tick share the first commit.
    await Promise.resolve();
    while (this.#waiting.length > 0 || this.#refreshers.length > 0) {
      const refreshers = this.#refreshers.splice(0);
      const commits = this.#waiting.length > 0;
      try {
        if (commits) await this.#commit(this.#next());
        else await this.#catchUp();
        for (const { resolve } of refreshers) resolve();
      } catch (error) {
        // A failed commit only concerns its own callers; refreshes try again.
        if (commits) this.#refreshers.unshift(...refreshers);
        else for (const { reject } of refreshers) reject(error);
      }
    }
    this.#running = undefined;
  }

  #next(): Work<Draft>[] {
    if (this.#waiting[0].alone) return this.#waiting.splice(0, 1);
    let rows = 0;
    let count = 0;
    while (count < this.#waiting.length && rows < FULL && !this.#waiting[count].alone) rows += this.#waiting[count++].rows;
    return this.#waiting.splice(0, count);
  }

  async #commit(works: readonly Work<Draft>[]): Promise<void> {
    let draft: Draft | undefined;
    try {
      const sequence = await this.#storage.commit(this.#project, this.#ledger.seen, (missed) => {
        this.#ledger.follow(missed);
        draft = this.#ledger.begin();
        for (const work of works) work.outcome = attempt(work.prepare, draft);
        return this.#ledger.writes(draft);
      });
      if (draft !== undefined) this.#ledger.committed(draft, sequence);
    } catch (error) {
      for (const work of works) work.reject(error);
      throw error;
    }
    for (const work of works) {
      if (work.outcome !== undefined && "value" in work.outcome) work.resolve(work.outcome.value);
      else work.reject(work.outcome?.error);
    }
  }

  async #catchUp(): Promise<void> {
    const changes: Change[] = [];
    for await (const change of this.#storage.changes(this.#project, this.#ledger.seen)) changes.push(change);
    this.#ledger.follow(changes);
  }
}

function attempt<Draft>(prepare: (draft: Draft) => unknown, draft: Draft): Work<Draft>["outcome"] {
  try {
    return { value: prepare(draft) };
  } catch (error) {
    return { error };
  }
}

function closed(): RecoError {
  return new RecoError("aborted", "The store is closed, or the project was deleted. Open it again.");
}
