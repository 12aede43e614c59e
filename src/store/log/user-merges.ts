import type { CommitQueue } from "../commit-queue.ts";
import { ERASED, type ErasureRecord } from "../erasure.ts";
import type { ProjectDraft } from "../project-draft.ts";
import { draftRewritten, type ProjectLedger } from "../project-ledger.ts";
import { readSegment, type Segment } from "../segment.ts";
import { textAt } from "./event-draft.ts";
import type { ImpressionLog } from "./impression-log.ts";
import type { LogKeeper } from "./log-keeper.ts";
import { MERGED, type MergeRecord, mergeRecords } from "./merge-record.ts";
import type { Removal } from "./removal.ts";

type UserRecord = { readonly properties: MergeRecord["properties"]; readonly created: number };

/**
 * Merges users: what one did becomes what another did. The merge is recorded first; from then on the one user is gone, and new events with the same id
 * belong to a new user. Then the events are copied to the other user in one commit, and the first ones removed. If this process dies in between, the
 * next one continues.
 */
export class UserMerges {
  readonly #ledger: ProjectLedger;
  readonly #queue: CommitQueue<ProjectDraft>;
  readonly #keeper: LogKeeper;
  readonly #impressions: ImpressionLog;
  readonly #removal: Removal;

  constructor(ledger: ProjectLedger, queue: CommitQueue<ProjectDraft>, keeper: LogKeeper, impressions: ImpressionLog, removal: Removal) {
    this.#ledger = ledger;
    this.#queue = queue;
    this.#keeper = keeper;
    this.#impressions = impressions;
    this.#removal = removal;
  }

  /** Who was merged into a user and is still, with the time. */
  into(user: string): { readonly user: string; readonly time: number }[] {
    return mergeRecords(this.#ledger.documents)
      .filter(([, { to, state }]) => to === user && (state === "merging" || state === "merged"))
      .map(([, { from, time }]) => ({ user: from, time }));
  }

  /**
   * Merges a user into another. Properties that both have stay those of the other.
   *
   * @returns the number of events moved, 0 if the merge was made before and there is nothing new; undefined if there is no such user
   */
  async merge(from: string, to: string): Promise<number | undefined> {
    const index = await this.#queue.submit((draft) => this.#record(draft, from, to), 1, true);
    if (index >= 0) return this.#finishMerge(index);
    return this.into(to).some(({ user }) => user === from) ? 0 : undefined;
  }

  /**
   * Takes a merge back: the user exists again, with the events and properties that came from them.
   *
   * @returns the number of events moved back; undefined if there was no such merge
   */
  async split(from: string, to: string): Promise<number | undefined> {
    const indices = await this.#queue.submit((draft) => this.#recordSplit(draft, from, to), 1, true);
    let moved: number | undefined;
    for (const index of indices) moved = (moved ?? 0) + (await this.#finishSplit(index));
    return moved;
  }

  /** Continues unfinished merges of an earlier process. */
  resume(): void {
    // If the disk fails, they are retried at the next start.
    for (const [index, { state }] of mergeRecords(this.#ledger.documents))
      if (state === "merging") this.#finishMerge(index).catch(() => {});
      else if (state !== "merged") this.#finishSplit(index).catch(() => {});
  }

  #record(draft: ProjectDraft, from: string, to: string): number {
    const index = this.#ledger.events.users.indexOf(from);
    if (index < 0) return -1;
    const user = draft.events.user(to);
    const properties = (draft.get("user", String(index)) as UserRecord | undefined)?.properties;
    const target = draft.get("user", String(user)) as UserRecord | undefined;
    const taken = Object.keys(properties ?? {}).filter((name) => !Object.hasOwn(target?.properties ?? {}, name));
    if (taken.length > 0) putProperties(draft, user, { ...properties, ...target?.properties });
    draft.put("user", String(index), undefined);
    putRecord(draft, index, { from, to, time: Date.now(), state: "merging", user, properties, taken });
    return index;
  }

  async #finishMerge(index: number): Promise<number> {
    const { from, to } = this.#recordAt(index) ?? {};
    if (from === undefined || to === undefined) return 0;
    await this.#impressions.move(index, from, to);
    const found = await this.#gather(index, () => true);
    const moved = await this.#queue.submit(
      (draft) => {
        const record = draft.get(MERGED, String(index)) as MergeRecord | undefined;
        if (record?.state !== "merging") return 0;
        for (const { segment, rows } of found)
          draft.events.copy(segment, rows, record.user, (origin) => (origin === undefined ? from : `${from}\n${origin}`));
        putRecord(draft, index, { ...record, state: "merged" });
        draft.put(ERASED, String(index), JSON.stringify({ pending: true } satisfies ErasureRecord));
        return countOf(found);
      },
      1,
      true,
    );
    await this.#removal.erase(index, undefined);
    return moved;
  }

  #recordSplit(draft: ProjectDraft, from: string, to: string): number[] {
    const indices: number[] = [];
    // Whoever was merged in turn has nothing to give back until that is taken back.
    const target = this.#ledger.events.users.indexOf(to);
    if (target < 0) return indices;
    for (const [index, record] of mergeRecords(this.#ledger.documents)) {
      if (record.from !== from || record.to !== to || record.state !== "merged") continue;
      indices.push(index);
      const user = draft.events.user(from);
      const { properties, taken } = record;
      if (properties !== undefined) {
        const since = (draft.get("user", String(user)) as UserRecord | undefined)?.properties;
        putProperties(draft, user, { ...properties, ...since });
      }
      const left = (draft.get("user", String(target)) as UserRecord | undefined)?.properties;
      // What was taken over and has changed since is the other user's own.
      const isTheirs = ([name, value]: [string, unknown]) => !taken.includes(name) || !sameValue(value, properties?.[name]);
      if (left !== undefined) putProperties(draft, target, Object.fromEntries(Object.entries(left).filter(isTheirs)));
      putRecord(draft, index, { ...record, user, state: "splitting" });
    }
    return indices;
  }

  async #finishSplit(index: number): Promise<number> {
    const record = this.#recordAt(index);
    if (record === undefined) return 0;
    const { from, user } = record;
    const source = this.#ledger.events.users.indexOf(record.to);
    const cameFrom = (segment: Segment, row: number) =>
      segment.user[row] === source && textAt(segment.origin, row)?.split("\n", 1)[0] === from;
    let moved = 0;
    if (record.state === "splitting") {
      const found = await this.#gather(source, cameFrom);
      moved = await this.#queue.submit(
        (draft) => {
          const now = draft.get(MERGED, String(index)) as MergeRecord | undefined;
          if (now?.state !== "splitting") return 0;
          for (const { segment, rows } of found)
            draft.events.copy(segment, rows, user, (origin) => origin?.slice(from.length + 1) || undefined);
          putRecord(draft, index, { ...now, state: "split" });
          return countOf(found);
        },
        1,
        true,
      );
    }
    await this.#removal.remove({ concerns: ({ origin }) => origin !== undefined, goes: cameFrom }, (draft) => {
      draft.put(MERGED, String(index), undefined);
      draftRewritten(draft, source);
    });
    return moved;
  }

  #recordAt(index: number): MergeRecord | undefined {
    return this.#ledger.documents.get(MERGED, String(index)) as MergeRecord | undefined;
  }

  /** The rows of a user, by segment. */
  async #gather(user: number, wanted: (segment: Segment, row: number) => boolean): Promise<FoundRows[]> {
    const found: FoundRows[] = [];
    for await (const { bytes } of this.#keeper.blocks()) {
      const segment = readSegment(bytes);
      const rows: number[] = [];
      for (let row = segment.user.indexOf(user); row >= 0; row = segment.user.indexOf(user, row + 1))
        if (wanted(segment, row)) rows.push(row);
      if (rows.length > 0) found.push({ segment, rows });
    }
    return found;
  }
}

interface FoundRows {
  readonly segment: Segment;
  readonly rows: readonly number[];
}

function countOf(found: readonly FoundRows[]): number {
  return found.reduce((sum, { rows }) => sum + rows.length, 0);
}

function putRecord(draft: ProjectDraft, index: number, record: MergeRecord): void {
  draft.put(MERGED, String(index), JSON.stringify(record));
}

function putProperties(draft: ProjectDraft, user: number, properties: MergeRecord["properties"]): void {
  const before = draft.get("user", String(user)) as UserRecord | undefined;
  const now = Date.now();
  draft.put("user", String(user), JSON.stringify({ properties, hidden: false, created: before?.created ?? now, updated: now }));
}

function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
