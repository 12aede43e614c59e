import { type EventColumns, sliceEvents } from "../data/event-columns.ts";
import { CatalogIndex } from "./catalog/catalog.ts";
import { EntityTable, SCHEMA } from "./catalog/entities.ts";
import type { Schema } from "./catalog/schema.ts";
import type { Ledger } from "./commit-queue.ts";
import { DocumentTable } from "./documents.ts";
import { ERASED, type ErasureRecord } from "./erasure.ts";
import { EventIndex } from "./log/event-index.ts";
import { MERGED, type MergeRecord } from "./log/merge-record.ts";
import type { TotalsRecord } from "./log/totals.ts";
import { EVENT_LOG, ProjectDraft } from "./project-draft.ts";
import { readSegment, type Segment } from "./segment.ts";
import type { Change, Write } from "./storage.ts";

/** How many events of each user are kept in memory. */
const RECENT_LIMIT = 200;

/** The document kind written with every replacement of segments, so other processes learn of it. The key is the log's name. */
export const LOG = ".log";

/** The document kind of users some of whose events were removed. The key is the user's index. */
const REWRITTEN = ".rewritten";

/** Records that some of a user's events were removed, so that every process reads the others again. */
export function draftRewritten(draft: ProjectDraft, user: number): void {
  draft.put(REWRITTEN, String(user), JSON.stringify({ time: Date.now() }));
}

/** The body of a document of kind {@link LOG}. */
export interface LogRecord extends TotalsRecord {
  readonly drops: Drops;
}

/** Records of events dropped by age. */
export interface Drops {
  readonly count: number;
  /** The cutoff time of the last drop, and the latest of all; null if there was none. */
  readonly last: number | null;
  readonly latest: number | null;
}

type DocumentChange = Pick<Extract<Change, { type: "document" }>, "kind" | "key"> & { readonly body: unknown };

/** The in-memory state of one project, updated with commits of this and other processes. */
export class ProjectLedger implements Ledger<ProjectDraft> {
  readonly events = new EventIndex(RECENT_LIMIT);
  readonly items = new EntityTable("item");
  readonly users = new EntityTable("user");
  readonly documents = new DocumentTable();
  readonly catalog = new CatalogIndex((index) => {
    const id = this.events.items.id(index);
    return id === undefined ? undefined : this.items.get(id);
  });
  /** Users whose deletion is unfinished, by index, with the id if it is still known. */
  readonly erasures = new Map<number, string | undefined>();
  /** Increases with every replacement of segments by another process. */
  replacements = 0;
  drops: Drops = { count: 0, last: null, latest: null };
  #seen = 0;
  /** The last commit counted in the totals. */
  #counted = 0;
  /** Size of the segment being committed. */
  #packed = 0;
  readonly #listeners = new Set<(events: EventColumns) => void>();
  /** Called with every segment that is new to this process. */
  onSegment: (sequence: number, bytes: number) => void = () => {};
  /** Called for every deleted user before the id is erased. */
  onErase: (id: string) => void = () => {};
  /** Called for every user who is merged into another, before the id is erased. */
  onMerge: (from: string, to: string) => void = () => {};
  /** Called when events of a user have been removed: all of them, or some. */
  onRemoved: (user: number, all: boolean) => void = () => {};

  get seen(): number {
    return this.#seen;
  }

  /** Calls back with the columns of new events. @returns a function that ends it */
  onEvents(listener: (events: EventColumns) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  begin(): ProjectDraft {
    return new ProjectDraft(this.events, (kind, key) => {
      if (kind === "item") return this.items.record(Number(key));
      if (kind === "user") return this.users.record(Number(key));
      return this.documents.get(kind, key);
    });
  }

  writes(draft: ProjectDraft): Write[] {
    this.#packed = 0;
    return draft.writes((bytes) => {
      this.#packed = bytes;
    });
  }

  committed(draft: ProjectDraft, sequence: number): void {
    this.#seen = Math.max(this.#seen, sequence);
    if (draft.segment !== undefined) {
      this.onSegment(sequence, this.#packed);
      this.#apply(draft.segment, 0, 0);
    }
    for (const change of draft.documents()) if (change.kind === LOG) this.#follow(change.body as LogRecord, sequence);
    this.#settle(draft.documents());
  }

  follow(changes: readonly Change[]): void {
    const documents: DocumentChange[] = [];
    let last = this.#seen;
    for (const change of changes) {
      if (change.sequence <= this.#seen) continue;
      last = change.sequence;
      if (change.type === "segment") this.#segment(change);
      else {
        const document = parse(change);
        if (change.kind === LOG) {
          this.replacements++;
          this.#follow(document.body as LogRecord, change.sequence);
        }
        documents.push(document);
      }
    }
    this.#settle(documents);
    this.#seen = last;
  }

  /** Loads the state of a project that was just opened. */
  async replay(changes: AsyncIterable<Change>): Promise<void> {
    const documents: DocumentChange[] = [];
    let last = 0;
    for await (const change of changes) {
      last = change.sequence;
      if (change.type === "segment") this.#segment(change);
      else {
        const document = parse(change);
        // Ignore the stored totals: all rows have just been counted.
        if (change.kind === LOG) this.drops = (document.body as LogRecord).drops;
        documents.push(document);
      }
    }
    this.events.keys.loaded();
    this.#settle(documents);
    this.#seen = last;
  }

  #segment({ log, sequence, bytes }: Extract<Change, { type: "segment" }>): void {
    if (log !== EVENT_LOG) return;
    const segment = readSegment(bytes);
    this.onSegment(sequence, bytes.length);
    this.#apply(segment, rowsUntil(segment, sequence, this.#seen), rowsUntil(segment, sequence, this.#counted));
  }

  /** Adds rows from `start` on, and counts those of them from `countFrom` on. */
  #apply(segment: Segment, start: number, countFrom: number): void {
    this.events.apply(segment, start, Math.max(start, countFrom));
    this.catalog.grow(this.events.items.size);
    this.catalog.see(segment, start);
    if (segment.firstSeen !== undefined) this.catalog.see({ ...segment.firstSeen, length: segment.firstSeen.item.length });
    if (segment.length === start) return;
    const rows = start === 0 ? segment : sliceEvents(segment, start);
    for (const listener of this.#listeners) listener(rows);
  }

  #follow(record: LogRecord, sequence: number): void {
    this.events.totals.set(record);
    this.#counted = sequence;
    const missed = record.drops.count - this.drops.count;
    const before = missed === 1 ? record.drops.last : record.drops.latest;
    if (missed > 0 && before !== null) this.events.recent.trim(before);
    this.drops = record.drops;
  }

  /** Documents refer to ids and types, so apply them after the segments and schemas of the same changes. */
  #settle(documents: readonly DocumentChange[]): void {
    for (const { kind, key, body } of documents) {
      if (kind !== SCHEMA) continue;
      this.documents.set(kind, key, body);
      if (key === "item") this.catalog.setSchema((body ?? {}) as Schema);
    }
    for (const { kind, key, body } of documents) {
      if (kind === "item") {
        const index = Number(key);
        const record = body as ReturnType<EntityTable["record"]>;
        this.catalog.put(index, this.items.apply(index, this.events.items.id(index), record), record?.created);
      } else if (kind === "user")
        this.users.apply(Number(key), this.events.users.id(Number(key)), body as ReturnType<EntityTable["record"]>);
      else if (kind === ERASED) this.#erase(Number(key), body as ErasureRecord);
      else if (kind === MERGED) this.#merge(Number(key), body as MergeRecord | undefined);
      else if (kind === REWRITTEN) this.onRemoved(Number(key), false);
      else if (kind !== SCHEMA && kind !== LOG) this.documents.set(kind, key, body);
    }
  }

  #erase(index: number, { pending }: ErasureRecord): void {
    const id = this.events.users.id(index);
    if (pending) this.erasures.set(index, id);
    else {
      this.erasures.delete(index);
      this.onRemoved(index, true);
    }
    if (id === undefined) return;
    this.onErase(id);
    this.#forget(index, id);
  }

  #merge(index: number, record: MergeRecord | undefined): void {
    this.documents.set(MERGED, String(index), record);
    if (record === undefined || this.events.users.id(index) !== record.from) return;
    this.onMerge(record.from, record.to);
    this.#forget(index, record.from);
  }

  #forget(index: number, id: string): void {
    this.users.apply(index, id, undefined);
    this.events.users.erase(index);
    this.events.recent.forget(index);
  }
}

function parse({ kind, key, body }: Extract<Change, { type: "document" }>): DocumentChange {
  return { kind, key, body: body === undefined ? undefined : JSON.parse(body) };
}

/** The number of rows in a segment that were committed up to a sequence. */
export function rowsUntil({ parts, length }: Segment, sequence: number, until: number): number {
  if (sequence <= until) return length;
  let rows = 0;
  for (let i = 0; parts !== undefined && i < parts.sequence.length && parts.sequence[i] <= until; i++) rows += parts.rows[i];
  return rows;
}
