import type { CommitQueue } from "../commit-queue.ts";
import { EVENT_LOG, type ProjectDraft } from "../project-draft.ts";
import { type Drops, ERASED, type ErasureRecord, LOG, type LogRecord, type ProjectLedger } from "../project-ledger.ts";
import { readSegment, type Segment, writeSegment } from "../segment.ts";
import type { ImpressionLog } from "./impression-log.ts";
import { changed, type LogKeeper, type Replacement } from "./log-keeper.ts";
import { range } from "./narrow.ts";
import { withoutRows } from "./segment-edit.ts";

/** What to remove from the segments of a project. */
interface Goal {
  /** Whether a segment with events in this time span contains anything to remove. */
  concerns(segment: Segment, span: Span): boolean;
  goes(segment: Segment, row: number): boolean;
  readonly erasedUser?: number;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const NEVER: Span = { from: Number.NaN, to: Number.NaN };

/** Removes events from a log: those of deleted users and those that are too old. */
export class Removal {
  readonly #ledger: ProjectLedger;
  readonly #queue: CommitQueue<ProjectDraft>;
  readonly #keeper: LogKeeper;
  readonly #impressions: ImpressionLog;

  constructor(ledger: ProjectLedger, queue: CommitQueue<ProjectDraft>, keeper: LogKeeper, impressions: ImpressionLog) {
    this.#ledger = ledger;
    this.#queue = queue;
    this.#keeper = keeper;
    this.#impressions = impressions;
  }

  /**
   * The deletion is recorded first: from then on the user is invisible, and new events with the same id belong to a new user. Then the
   * impressions and segments are rewritten. If this process dies in between, the next one continues.
   */
  async deleteUser(id: string): Promise<number> {
    const index = await this.#queue.submit(
      (draft) => {
        const known = this.#ledger.events.users.indexOf(id);
        if (known >= 0) {
          draft.put("user", String(known), undefined);
          draft.put(ERASED, String(known), JSON.stringify({ pending: true } satisfies ErasureRecord));
        }
        return known;
      },
      1,
      true,
    );
    return this.#finish(index, id);
  }

  /** Continues unfinished deletions of an earlier process. */
  resume(): void {
    // If the disk fails, they are retried at the next start.
    for (const [index, id] of this.#ledger.erasures) this.#finish(index, id).catch(() => {});
  }

  async dropBefore(time: number): Promise<number> {
    const removed = await this.#remove(
      { concerns: (_segment, { from }) => from < time, goes: (segment, row) => segment.time[row] < time },
      () => {},
      time,
    );
    await this.#impressions.dropBefore(time);
    return removed;
  }

  /** Replaces segments and updates the totals in one commit. */
  async replace({ sequences, bytes, removed }: Replacement, stale: () => boolean): Promise<void> {
    await this.#queue.submit(
      (draft) => {
        if (stale()) throw changed();
        draft.replace(EVENT_LOG, sequences, bytes);
        const { totals } = this.#ledger.events;
        const byType = totals.byType.map((count, type) => (count ?? 0) - (removed[type] ?? 0));
        this.#record(draft, { byType, from: totals.from, to: totals.to }, this.#ledger.drops);
      },
      1,
      true,
    );
  }

  async #finish(index: number, id: string | undefined): Promise<number> {
    if (id !== undefined) await this.#impressions.erase(index, id);
    if (index < 0) return 0;
    const holds = ({ users: { base, ids }, user }: Segment) =>
      (index >= base && index < base + ids.length && ids[index - base] !== null) || user.includes(index);
    return this.#remove({ concerns: holds, goes: (segment, row) => segment.user[row] === index, erasedUser: index }, (draft) =>
      draft.put(ERASED, String(index), JSON.stringify({ pending: false } satisfies ErasureRecord)),
    );
  }

  async #remove(goal: Goal, finish: (draft: ProjectDraft) => void, before?: number): Promise<number> {
    let left = NEVER;
    const removed = await this.#keeper.rewrite(
      ({ bytes }) => {
        const segment = readSegment(bytes);
        const span = range(segment.time);
        if (!goal.concerns(segment, span)) {
          left = union(left, span);
          return undefined;
        }
        const gone: number[] = [];
        for (let row = 0; row < segment.length; row++) if (goal.goes(segment, row)) gone.push(row);
        const kept = withoutRows(segment, gone, goal.erasedUser);
        if (kept !== undefined) left = union(left, range(kept.time));
        const removed: number[] = [];
        for (const row of gone) removed[segment.type[row]] = (removed[segment.type[row]] ?? 0) + 1;
        return { bytes: kept && writeSegment(kept), removed };
      },
      () => {
        left = NEVER;
        this.#ledger.events.totals.watch();
      },
    );
    await this.#queue.submit(
      (draft) => {
        const { byType, arrived } = this.#ledger.events.totals;
        const { drops } = this.#ledger;
        this.#record(draft, { byType, ...union(left, arrived) }, before === undefined ? drops : dropped(drops, before));
        finish(draft);
      },
      1,
      true,
    );
    return removed;
  }

  #record(draft: ProjectDraft, totals: Span & { readonly byType: readonly number[] }, drops: Drops): void {
    const byType = Array.from(totals.byType, (count) => count ?? 0);
    const record: LogRecord = { ...totals, byType, events: byType.reduce((sum, count) => sum + count, 0), drops };
    // JSON turns NaN into null.
    draft.put(LOG, EVENT_LOG, JSON.stringify(record));
  }
}

function union(a: Span, b: Span): Span {
  return { from: b.from < a.from || Number.isNaN(a.from) ? b.from : a.from, to: b.to > a.to || Number.isNaN(a.to) ? b.to : a.to };
}

function dropped({ count, latest }: Drops, before: number): Drops {
  return { count: count + 1, last: before, latest: Math.max(before, latest ?? before) };
}
