import { RecoError } from "../../util/errors.ts";
import type { Storage } from "../storage.ts";

/** What a log's keeper has to know of it. */
export interface KeptLog {
  readonly storage: Storage;
  /** The storage's name of the project. */
  readonly project: string;
  readonly log: string;
  /** Blocks smaller than this are merged with their neighbours until they are as large: each byte is written once more a tier. */
  readonly tiers: readonly number[];
  /** One block that says what these say. */
  merge(blocks: readonly PlacedBlock[]): Uint8Array;
  /** Grows with every replacement by another process. */
  replacements(): number;
  /** Writes in one commit, unless `stale` says inside the lock that another process replaced something in the meantime. */
  replace(replacement: Replacement, stale: () => boolean): Promise<void>;
}

export interface PlacedBlock {
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

export interface Replacement {
  readonly sequences: readonly number[];
  /** Undefined where nothing is left. */
  readonly bytes: Uint8Array | undefined;
  /** Rows that are gone, by index of event type. */
  readonly removed: readonly number[];
}

/** What a rewriting makes of a block; undefined where it stays as it is. */
export type Rewriting = (block: PlacedBlock) => Pick<Replacement, "bytes" | "removed"> | undefined;

/** Bytes of a block that are gone when it is merged with others, roughly: its header. */
const HEADER = 250;

/** How long after a try to lead another process goes on, in milliseconds. */
const LEAD_AGAIN = 30_000;

/**
 * Keeps the segments of a log in order: merges small ones in the background, and rewrites those from which rows are removed. Every step is
 * one commit, so that it may end at any moment.
 */
export class LogKeeper {
  readonly #log: KeptLog;
  /** Sizes of the blocks by sequence, in order; undefined while another process leads. */
  #sizes: Map<number, number> | undefined;
  #fresh = 0;
  /** One thing at a time. */
  #busy: Promise<unknown> = Promise.resolve();
  #started = false;
  #scheduled = false;
  #closed = false;
  #triedToLead = Number.NEGATIVE_INFINITY;
  readonly #release: (() => Promise<void>)[] = [];

  constructor(log: KeptLog) {
    this.#log = log;
  }

  /** Tries to be the one that merges. To be called before any block is noted. */
  async lead(): Promise<boolean> {
    if (this.#sizes !== undefined) return true;
    this.#triedToLead = performance.now();
    const release = await this.#log.storage.lead(`${this.#log.project}.${this.#log.log}`);
    if (release === undefined) return false;
    this.#release.push(release);
    this.#sizes = new Map();
    return true;
  }

  /** Begins to merge in the background. */
  start(): void {
    this.#started = true;
    this.#compactSoon();
  }

  /** Notes a block that is new, and merges in the background when there is enough of them. */
  note(sequence: number, bytes: number): void {
    this.#sizes?.set(sequence, sizeOf(bytes));
    this.#fresh += sizeOf(bytes);
    if (this.#fresh >= this.#log.tiers[0]) this.#compactSoon();
  }

  /** Merges until nothing is left to merge. @param tiers sizes up to which blocks are merged, in bytes */
  compact(tiers = this.#log.tiers): Promise<void> {
    return this.#alone(async () => {
      this.#scheduled = false;
      if (this.#sizes === undefined) {
        if (performance.now() - this.#triedToLead < LEAD_AGAIN || !(await this.lead())) return;
        await this.#list();
      }
      for (let run = this.#run(tiers); run !== undefined && !this.#closed; run = this.#run(tiers)) {
        try {
          await this.#merge(run);
        } catch (error) {
          if (!isConflict(error)) throw error;
          await this.#list();
        }
      }
    });
  }

  /**
   * Goes through all blocks and rewrites those that it should.
   *
   * @param began called before the first block is read, again where another process was in between and everything begins anew
   * @returns rows removed
   */
  rewrite(rewriting: Rewriting, began: () => void = () => {}): Promise<number> {
    return this.#alone(async () => {
      let removed = 0;
      for (;;) {
        began();
        const replacements = this.#log.replacements();
        const stale = () => this.#log.replacements() !== replacements;
        try {
          for await (const block of this.blocks()) {
            const rewritten = rewriting(block);
            if (rewritten === undefined) continue;
            await this.#replace({ sequences: [block.sequence], ...rewritten }, stale);
            removed += rewritten.removed.reduce((sum, count) => sum + count, 0);
          }
          return removed;
        } catch (error) {
          if (!isConflict(error)) throw error;
        }
      }
    });
  }

  /** All blocks, oldest first, as they are at the first read. */
  async *blocks(after = 0): AsyncGenerator<PlacedBlock> {
    const { storage, project, log } = this.#log;
    for await (const change of storage.changes(project, after, "segment"))
      if (change.type === "segment" && change.log === log) yield change;
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#busy;
    for (const release of this.#release) await release();
  }

  #compactSoon(): void {
    if (!this.#started || this.#scheduled || this.#closed) return;
    this.#fresh = 0;
    this.#scheduled = true;
    // Merging is for speed alone: what fails now is tried again with the next blocks, and a failing disk is told to whoever appends.
    this.compact().catch(() => {});
  }

  async #merge(run: readonly number[]): Promise<void> {
    const replacements = this.#log.replacements();
    const last = run[run.length - 1];
    const blocks: PlacedBlock[] = [];
    for await (const block of this.blocks(run[0] - 1)) {
      if (block.sequence > last) break;
      blocks.push(block);
    }
    if (blocks.length !== run.length || blocks.some(({ sequence }, i) => sequence !== run[i])) throw changed();
    await this.#replace({ sequences: run, bytes: this.#log.merge(blocks), removed: [] }, () => this.#log.replacements() !== replacements);
  }

  async #replace(replacement: Replacement, stale: () => boolean): Promise<void> {
    // The bytes are handed over, so their size is asked for before.
    const size = replacement.bytes && sizeOf(replacement.bytes.length);
    await this.#log.replace(replacement, stale);
    const { sequences } = replacement;
    if (this.#sizes === undefined) return;
    const place = sequences[sequences.length - 1];
    for (const sequence of sequences) if (sequence !== place || size === undefined) this.#sizes.delete(sequence);
    if (size !== undefined) this.#sizes.set(place, size);
  }

  /** The first run of neighbours that are small and together large enough. */
  #run(tiers: readonly number[]): number[] | undefined {
    if (this.#sizes === undefined) return undefined;
    for (const tier of tiers) {
      let run: number[] = [];
      let bytes = 0;
      for (const [sequence, size] of this.#sizes) {
        if (size >= tier) {
          run = [];
          bytes = 0;
          continue;
        }
        run.push(sequence);
        bytes += size;
        if (bytes >= tier && run.length > 1) return run;
      }
    }
    return undefined;
  }

  async #list(): Promise<void> {
    const noted = new Map<number, number>();
    const sizes = new Map<number, number>();
    this.#sizes = noted;
    let last = 0;
    for await (const { sequence, bytes } of this.blocks()) {
      sizes.set(sequence, sizeOf(bytes.length));
      last = sequence;
    }
    // What came after the first read.
    for (const [sequence, size] of noted) if (sequence > last) sizes.set(sequence, size);
    this.#sizes = sizes;
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#busy.then(work);
    this.#busy = result.catch(() => {});
    return result;
  }
}

function sizeOf(bytes: number): number {
  return Math.max(1, bytes - HEADER);
}

export function changed(): RecoError {
  return new RecoError("conflict", "Another process replaced segments of the log in the meantime. Read it again.");
}

function isConflict(error: unknown): boolean {
  return error instanceof RecoError && error.code === "conflict";
}
