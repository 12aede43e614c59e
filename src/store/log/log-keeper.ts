import { RecoError } from "../../util/errors.ts";
import type { Storage } from "../storage.ts";

/** What a `LogKeeper` needs from its log. */
export interface KeptLog {
  readonly storage: Storage;
  /** The project's name in the storage. */
  readonly project: string;
  readonly log: string;
  /** Blocks smaller than a tier are merged with their neighbors until they reach it. Each tier rewrites every byte once. */
  readonly tiers: readonly number[];
  /** Merges blocks into an equivalent one. */
  merge(blocks: readonly PlacedBlock[]): Uint8Array;
  /** Increases with every replacement by another process. */
  replacements(): number;
  /** Writes in one commit, unless `stale` (called inside the lock) says that another process replaced something in the meantime. */
  replace(replacement: Replacement, stale: () => boolean): Promise<void>;
}

export interface PlacedBlock {
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

export interface Replacement {
  readonly sequences: readonly number[];
  /** Undefined if nothing is left. */
  readonly bytes: Uint8Array | undefined;
  /** Number of removed rows, by event type index. */
  readonly removed: readonly number[];
}

/** Rewrites a block; returns undefined if it doesn't change. */
export type Rewriting = (block: PlacedBlock) => Pick<Replacement, "bytes" | "removed"> | undefined;

/** Approximate bytes saved by merging a block with others: its header. */
const HEADER = 250;

/** How long to wait before trying to lead again, in milliseconds. */
const LEAD_AGAIN = 30_000;

/**
 * Maintains the segments of a log: merges small ones in the background, and rewrites those that rows are removed from. Every step is one
 * commit, so it can be interrupted at any time.
 */
export class LogKeeper {
  readonly #log: KeptLog;
  /** Block sizes by sequence, in order; undefined while another process leads. */
  #sizes: Map<number, number> | undefined;
  #fresh = 0;
  /** Serializes all work. */
  #busy: Promise<unknown> = Promise.resolve();
  #started = false;
  #scheduled = false;
  #closed = false;
  #triedToLead = Number.NEGATIVE_INFINITY;
  readonly #release: (() => Promise<void>)[] = [];

  constructor(log: KeptLog) {
    this.#log = log;
  }

  /** Tries to become the process that merges. Call it before noting any block. */
  async lead(): Promise<boolean> {
    if (this.#sizes !== undefined) return true;
    this.#triedToLead = performance.now();
    const release = await this.#log.storage.lead(`${this.#log.project}.${this.#log.log}`);
    if (release === undefined) return false;
    this.#release.push(release);
    this.#sizes = new Map();
    return true;
  }

  /** Starts merging in the background. */
  start(): void {
    this.#started = true;
    this.#compactSoon();
  }

  /** Records a new block, and merges in the background if there are enough. */
  note(sequence: number, bytes: number): void {
    this.#sizes?.set(sequence, sizeOf(bytes));
    this.#fresh += sizeOf(bytes);
    if (this.#fresh >= this.#log.tiers[0]) this.#compactSoon();
  }

  /** Merges until nothing is left to merge. @param tiers block sizes to merge up to, in bytes */
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
   * Goes through all blocks and applies a rewriting.
   *
   * @param began called before the first block is read, and again if another process interfered and the pass starts over
   * @returns number of rows removed
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

  /** All blocks, oldest first, as of the first read. */
  async *blocks(after = 0): AsyncGenerator<PlacedBlock> {
    const { storage, project, log } = this.#log;
    for await (const change of storage.changes(project, after, "segment"))
      if (change.type === "segment" && change.log === log) yield change;
  }

  /** Waits for work in progress and stops. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#busy;
    for (const release of this.#release) await release();
  }

  #compactSoon(): void {
    if (!this.#started || this.#scheduled || this.#closed) return;
    this.#fresh = 0;
    this.#scheduled = true;
    // Merging is only an optimization. A failure is retried with the next blocks, and appends report a failing disk.
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
    // Read the size first, because the commit takes ownership of the bytes.
    const size = replacement.bytes && sizeOf(replacement.bytes.length);
    await this.#log.replace(replacement, stale);
    const { sequences } = replacement;
    if (this.#sizes === undefined) return;
    const place = sequences[sequences.length - 1];
    for (const sequence of sequences) if (sequence !== place || size === undefined) this.#sizes.delete(sequence);
    if (size !== undefined) this.#sizes.set(place, size);
  }

  /** The first run of small neighbors that are large enough together. */
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
    // Blocks added after the first read.
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
