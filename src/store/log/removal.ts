import type { CommitQueue } from "../commit-queue.ts";
import { ERASED, type ErasureRecord } from "../erasure.ts";
import { EVENT_LOG, type ProjectDraft } from "../project-draft.ts";
import { type Drops, draftRewritten, LOG, type LogRecord, type ProjectLedger } from "../project-ledger.ts";
import { readSegment, type Segment, writeSegment } from "../segment.ts";
import type { EventPlace } from "../store.ts";
import type { ImpressionLog } from "./impression-log.ts";
import { changed, type LogKeeper, type Replacement } from "./log-keeper.ts";
import { draftForgetMerges } from "./merge-record.ts";
import { range } from "./narrow.ts";
import { withoutRows } from "./segment-edit.ts";

/** What to remove from the segments of a project. */
export interface Goal {
  /** Called before the first segment, and again if the pass starts over. */
  began?(): void;
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
          draftForgetMerges(draft, this.#ledger.documents, id);
        }
        return known;
      },
      1,
      true,
    );
    return this.erase(index, id);
  }

  /** Removes one event. @returns whether it was there */
  async deleteEvent({ user, item, type, time, value, nth }: EventPlace): Promise<boolean> {
    let before = 0;
    const removed = await this.remove(
      {
        began() {
          before = 0;
        },
        concerns: (segment, { from, to }) => from <= time && time <= to && segment.user.includes(user),
        goes: ({ user: users, item: items, type: types, time: times, value: values }, row) =>
          users[row] === user &&
          items[row] === item &&
          types[row] === type &&
          times[row] === time &&
          values[row] === value &&
          before++ === nth,
      },
      (draft) => draftRewritten(draft, user),
    );
    return removed > 0;
  }

  /** Continues unfinished deletions of an earlier process. */
  resume(): void {
    // If the disk fails, they are retried at the next start.
    for (const [index, id] of this.#ledger.erasures) this.erase(index, id).catch(() => {});
  }

  async dropBefore(time: number): Promise<number> {
    const removed = await this.remove(
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

  /** Finishes the deletion of a user that is recorded. @returns number of events removed */
  async erase(index: number, id: string | undefined): Promise<number> {
    if (id !== undefined) await this.#impressions.erase(index, id);
    if (index < 0) return 0;
    const holds = ({ users: { base, ids }, user }: Segment) =>
      (index >= base && index < base + ids.length && ids[index - base] !== null) || user.includes(index);
    return this.remove({ concerns: holds, goes: (segment, row) => segment.user[row] === index, erasedUser: index }, (draft) =>
      draft.put(ERASED, String(index), JSON.stringify({ pending: false } satisfies ErasureRecord)),
    );
  }

  /** Removes rows from the segments. @param finish adds to the last commit, which also has the totals */
  async remove(goal: Goal, finish: (draft: ProjectDraft) => void, before?: number): Promise<number> {
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
        goal.began?.();
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
