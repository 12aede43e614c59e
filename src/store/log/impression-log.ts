import { RecoError } from "../../util/errors.ts";
import { CommitQueue, type Ledger } from "../commit-queue.ts";
import { ERASED } from "../erasure.ts";
import { LOG } from "../project-ledger.ts";
import type { Storage, Write } from "../storage.ts";
import type { Impression } from "../store.ts";
import { describeImpressions, impressionsOf, readImpressions, writeImpressions } from "./impression-segment.ts";
import { changed, LogKeeper, type Replacement } from "./log-keeper.ts";

const IMPRESSION_LOG = "impressions";

/** Impressions are batched for at most this many milliseconds, and at most this many at a time. */
const WAIT = 1000;
const ENOUGH = 500;
/** While writing fails, up to this many are kept for a retry. Further ones are dropped. */
const TOO_MANY = 50_000;

interface ImpressionDraft {
  impressions: readonly Impression[];
  readonly writes: Write[];
}

/**
 * The impression log of one project. It is stored separately from the project, under its own name, so the server starts without reading it
 * and events never wait for it.
 */
export class ImpressionLog {
  readonly #userAt: (index: number) => string | undefined;
  readonly #queue: CommitQueue<ImpressionDraft>;
  readonly #keeper: LogKeeper;
  #waiting: Impression[] = [];
  /** Being written: taken from `#waiting`, but not yet confirmed on disk. */
  #leaving: Impression[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #replacements = 0;

  /** @param userAt returns a user's id by index, for deletions by other processes */
  constructor(storage: Storage, name: string, userAt: (index: number) => string | undefined) {
    this.#userAt = userAt;
    this.#queue = new CommitQueue(storage, name, this.#ledger());
    this.#keeper = new LogKeeper({
      storage,
      project: name,
      log: IMPRESSION_LOG,
      // Smaller than those of events: impressions take longer to merge.
      tiers: [1 << 16, 1 << 18],
      merge: (blocks) => writeImpressions(blocks.flatMap(({ bytes }) => readImpressions(bytes))),
      replacements: () => this.#replacements,
      replace: (replacement, stale) => this.#replace(replacement, stale),
    });
  }

  async open(): Promise<void> {
    await this.#keeper.lead();
    this.#keeper.start();
  }

  /**
   * Stores a copy, written in a batch within about a second. @throws RecoError `bad-input` if a column and the item list differ in length
   */
  add(impression: Impression): void {
    if (this.#waiting.length >= TOO_MANY) return;
    const { length } = impression.items;
    const features: Record<string, Float32Array> = {};
    for (const name of Object.keys(impression.features)) features[name] = copy(impression.features[name], length, name);
    this.#waiting.push({
      ...impression,
      items: impression.items.slice(),
      scores: copy(impression.scores, length, "scores"),
      propensities: copy(impression.propensities, length, "propensities"),
      features,
    });
    if (this.#waiting.length === ENOUGH) this.#flushSoon();
    else this.#timer ??= setTimeout(() => this.#flushSoon(), WAIT).unref();
  }

  /** Drops a user's unwritten impressions. */
  forget(user: string): void {
    this.#waiting = this.#waiting.filter((impression) => impression.user !== user);
    this.#leaving = this.#leaving.filter((impression) => impression.user !== user);
  }

  /** Gives a user's impressions that aren't written yet to another. */
  reassign(from: string, to: string): void {
    const moved = (impressions: Impression[]) =>
      impressions.map((impression) => (impression.user === from ? { ...impression, user: to } : impression));
    this.#waiting = moved(this.#waiting);
    this.#leaving = moved(this.#leaving);
  }

  /** Writes waiting impressions. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const write = this.#writing.then(() => this.#write());
    this.#writing = write.catch(() => {});
    return write;
  }

  async *read(from: number): AsyncGenerator<Impression> {
    await this.flush();
    for await (const { bytes } of this.#keeper.blocks()) {
      if (!(describeImpressions(bytes).to >= from)) continue;
      for (const impression of readImpressions(bytes)) if (impression.time >= from) yield impression;
    }
  }

  async readUser(user: string): Promise<Impression[]> {
    await this.flush();
    const impressions: Impression[] = [];
    for await (const { bytes } of this.#keeper.blocks())
      if (impressionsOf(bytes, user)) impressions.push(...readImpressions(bytes).filter((impression) => impression.user === user));
    return impressions;
  }

  /** Removes a user's impressions, including those that other processes are about to write. @param index -1 for a user without an index */
  async erase(index: number, user: string): Promise<void> {
    this.forget(user);
    await this.flush();
    // Later commits learn of the deletion inside the lock; earlier ones are read below.
    if (index >= 0)
      await this.#queue.submit(({ writes }) => writes.push({ type: "document", kind: ERASED, key: String(index), body: "{}" }));
    await this.#keeper.rewrite(({ bytes }) =>
      impressionsOf(bytes, user) ? keep(bytes, (impression) => impression.user !== user) : undefined,
    );
  }

  /** Gives a user's impressions to another. What other processes are about to write of them is dropped. */
  async move(index: number, from: string, to: string): Promise<void> {
    this.reassign(from, to);
    await this.flush();
    await this.#queue.submit(({ writes }) => writes.push({ type: "document", kind: ERASED, key: String(index), body: "{}" }));
    await this.#keeper.rewrite(({ bytes }) => {
      if (!impressionsOf(bytes, from)) return undefined;
      const moved = readImpressions(bytes).map((impression) => (impression.user === from ? { ...impression, user: to } : impression));
      return { bytes: writeImpressions(moved), removed: [] };
    });
  }

  async dropBefore(time: number): Promise<void> {
    await this.flush();
    await this.#keeper.rewrite(({ bytes }) =>
      describeImpressions(bytes).from < time ? keep(bytes, (impression) => impression.time >= time) : undefined,
    );
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#keeper.close();
      await this.#queue.close();
    }
  }

  #flushSoon(): void {
    // Impressions that couldn't be written stay queued and are retried.
    this.flush().catch(() => {
      this.#timer ??= setTimeout(() => this.#flushSoon(), WAIT).unref();
    });
  }

  async #write(): Promise<void> {
    this.#leaving = this.#waiting;
    this.#waiting = [];
    if (this.#leaving.length === 0) return;
    try {
      await this.#queue.submit((draft) => {
        draft.impressions = this.#leaving;
      });
    } catch (error) {
      this.#waiting = [...this.#leaving, ...this.#waiting];
      throw error;
    } finally {
      this.#leaving = [];
    }
  }

  async #replace({ sequences, bytes }: Replacement, stale: () => boolean): Promise<void> {
    await this.#queue.submit(({ writes }) => {
      if (stale()) throw changed();
      writes.push(
        { type: "replace", log: IMPRESSION_LOG, sequences, bytes },
        { type: "document", kind: LOG, key: IMPRESSION_LOG, body: "{}" },
      );
    });
  }

  #ledger(): Ledger<ImpressionDraft> {
    // Commits made before this process started don't matter here.
    let seen = Number.MAX_SAFE_INTEGER;
    let packed = 0;
    return {
      get seen() {
        return seen;
      },
      begin: () => ({ impressions: [], writes: [] }),
      writes: ({ impressions, writes }) => {
        packed = 0;
        if (impressions.length === 0) return writes;
        const bytes = writeImpressions(impressions);
        packed = bytes.length;
        return [...writes, { type: "segment", log: IMPRESSION_LOG, bytes }];
      },
      committed: (_draft, sequence) => {
        seen = sequence;
        if (packed > 0) this.#keeper.note(sequence, packed);
      },
      follow: (changes) => {
        for (const change of changes) {
          if (change.sequence <= seen) continue;
          if (change.type === "segment") this.#keeper.note(change.sequence, change.bytes.length);
          else if (change.kind === LOG) this.#replacements++;
          else if (change.kind === ERASED) this.#forgetIndex(Number(change.key));
        }
        if (changes.length > 0) seen = Math.max(seen, changes[changes.length - 1].sequence);
      },
    };
  }

  #forgetIndex(index: number): void {
    const user = this.#userAt(index);
    if (user !== undefined) this.forget(user);
  }
}

function copy(values: ArrayLike<number>, length: number, name: string): Float32Array {
  if (values.length === length) return Float32Array.from(values);
  throw new RecoError("bad-input", `An impression has ${length} items but ${values.length} ${name}. Pass one per item.`);
}

/** Filters a block's impressions; returns no bytes if none are left. */
function keep(bytes: Uint8Array, wanted: (impression: Impression) => boolean): Pick<Replacement, "bytes" | "removed"> {
  const all = readImpressions(bytes);
  const kept = all.filter(wanted);
  return { bytes: kept.length === 0 ? undefined : writeImpressions(kept), removed: [all.length - kept.length] };
}
