import { checkEntities, type EntityInput, type EntityKind } from "../data/entities.ts";
import type { EventColumns, ItemTypeTimes, UserEvents } from "../data/event-columns.ts";
import type { ValidEvent } from "../data/events.ts";
import { draftDeletion, draftEntities, draftSchemas } from "./catalog/entities.ts";
import { CommitQueue } from "./commit-queue.ts";
import { openDocuments } from "./documents.ts";
import { eventsOf, gatherColumns } from "./log/event-rows.ts";
import { ImpressionLog } from "./log/impression-log.ts";
import { LogKeeper } from "./log/log-keeper.ts";
import { Removal } from "./log/removal.ts";
import { rereadUser } from "./log/reread-user.ts";
import { mergeSegments } from "./log/segment-edit.ts";
import { UserMerges } from "./log/user-merges.ts";
import { EVENT_LOG, type ProjectDraft } from "./project-draft.ts";
import { ProjectLedger } from "./project-ledger.ts";
import { readSegment, writeSegment } from "./segment.ts";
import type { Storage } from "./storage.ts";
import type {
  AppendResult,
  Blobs,
  Catalog,
  Documents,
  Entity,
  EventPlace,
  Ids,
  Impression,
  ProjectStats,
  ProjectStore,
  StoredEvent,
} from "./store.ts";

/** The storage name of a project's impression log. */
export function impressionLogName(project: string): string {
  return `${project}.impressions`;
}

/** A project in a storage. */
export class StoredProject implements ProjectStore {
  readonly name: string;
  readonly shared: boolean;
  readonly documents: Documents;
  readonly blobs: Blobs;
  readonly #storage: Storage;
  readonly #ledger = new ProjectLedger();
  readonly #queue: CommitQueue<ProjectDraft>;
  readonly #keeper: LogKeeper;
  readonly #impressions: ImpressionLog;
  readonly #removal: Removal;
  readonly #merges: UserMerges;
  readonly #onRemoved: (() => void)[] = [];
  /** Settles when the users whose events were removed are read again. */
  #reread: Promise<unknown> = Promise.resolve();

  private constructor(storage: Storage, name: string) {
    this.name = name;
    this.shared = storage.onForeignCommit !== undefined;
    this.#storage = storage;
    const ledger = this.#ledger;
    this.#queue = new CommitQueue(storage, name, ledger);
    this.#keeper = new LogKeeper({
      storage,
      project: name,
      log: EVENT_LOG,
      tiers: [1 << 16, 1 << 20],
      merge: (blocks) => writeSegment(mergeSegments(blocks.map(({ sequence, bytes }) => ({ sequence, segment: readSegment(bytes) })))),
      replacements: () => ledger.replacements,
      replace: (replacement, stale) => this.#removal.replace(replacement, stale),
    });
    this.#impressions = new ImpressionLog(storage, impressionLogName(name), (index) => ledger.events.users.id(index));
    this.#removal = new Removal(ledger, this.#queue, this.#keeper, this.#impressions);
    this.#merges = new UserMerges(ledger, this.#queue, this.#keeper, this.#impressions, this.#removal);
    ledger.onSegment = (sequence, bytes) => this.#keeper.note(sequence, bytes);
    ledger.onErase = (id) => this.#impressions.forget(id);
    ledger.onMerge = (from, to) => this.#impressions.reassign(from, to);
    this.documents = openDocuments(ledger.documents, this.#queue);
    this.blobs = {
      put: (blob, chunks) => storage.putBlob(name, blob, chunks),
      get: (blob) => storage.getBlob(name, blob),
      delete: (blob) => storage.deleteBlob(name, blob),
      list: () => storage.blobs(name),
    };
  }

  /** Opens an existing project. */
  static async open(storage: Storage, name: string): Promise<StoredProject> {
    const project = new StoredProject(storage, name);
    const leads = await project.#keeper.lead();
    await project.#ledger.replay(storage.changes(name, 0));
    project.#ledger.onRemoved = (user, all) => project.#removed(user, all);
    project.#keeper.start();
    await project.#impressions.open();
    if (leads) {
      project.#removal.resume();
      project.#merges.resume();
    }
    return project;
  }

  get users(): Ids {
    return this.#ledger.events.users;
  }

  get items(): Ids {
    return this.#ledger.events.items;
  }

  get eventTypes(): readonly string[] {
    return this.#ledger.events.typeNames;
  }

  get size(): number {
    return this.#ledger.events.totals.events;
  }

  get recentLimit(): number {
    return this.#ledger.events.recent.limit;
  }

  get catalog(): Catalog {
    return this.#ledger.catalog;
  }

  async append(events: readonly ValidEvent[]): Promise<AppendResult> {
    if (events.length === 0) return { accepted: 0, duplicates: 0 };
    return this.#queue.submit((draft) => draft.events.add(events), events.length);
  }

  onEvents(listener: (events: EventColumns) => void): void {
    this.#ledger.onEvents(listener);
  }

  async refresh(): Promise<void> {
    if (this.shared) await this.#queue.refresh();
  }

  recent(user: string, limit: number = this.recentLimit): UserEvents {
    const index = this.users.indexOf(user);
    return this.#ledger.events.recent.read(index < 0 ? Number.POSITIVE_INFINITY : index, limit);
  }

  older(user: string): ItemTypeTimes | undefined {
    return this.#ledger.events.recent.older(this.users.indexOf(user));
  }

  async *segments(): AsyncGenerator<Uint8Array> {
    for await (const { bytes } of this.#keeper.blocks()) yield bytes;
  }

  scan(): Promise<EventColumns> {
    return gatherColumns(this.segments(), this.size);
  }

  async setSchema({ items = {}, users = {} }: Parameters<ProjectStore["setSchema"]>[0]): Promise<void> {
    const declarations = [[this.#ledger.items, items] as const, [this.#ledger.users, users] as const];
    await this.#queue.submit((draft) => draftSchemas(draft, declarations), 1, true);
  }

  putItems(items: readonly EntityInput[]): Promise<void> {
    return this.#put("item", items);
  }

  putUsers(users: readonly EntityInput[]): Promise<void> {
    return this.#put("user", users);
  }

  item(id: string): Entity | undefined {
    return this.#ledger.items.get(id);
  }

  user(id: string): Entity | undefined {
    return this.#ledger.users.get(id);
  }

  listItems({ after, limit }: { readonly after?: string; readonly limit: number }): readonly Entity[] {
    return this.#ledger.items.page(after, limit);
  }

  listUsers({ after, limit }: { readonly after?: string; readonly limit: number }): readonly Entity[] {
    return this.#ledger.users.page(after, limit);
  }

  deleteItems(ids: readonly string[]): Promise<number> {
    return this.#queue.submit((draft) => draftDeletion(draft, ids, Date.now()), ids.length);
  }

  logImpression(impression: Impression): void {
    this.#impressions.add(impression);
  }

  impressions(from = Number.NEGATIVE_INFINITY): AsyncIterable<Impression> {
    return this.#impressions.read(from);
  }

  deleteUser(id: string): Promise<number> {
    return this.#removal.deleteUser(id);
  }

  async deleteEvent(place: EventPlace): Promise<boolean> {
    const was = await this.#removal.deleteEvent(place);
    await this.#reread;
    return was;
  }

  mergeUser(from: string, to: string): Promise<number | undefined> {
    return this.#merges.merge(from, to);
  }

  async splitUser(from: string, to: string): Promise<number | undefined> {
    const moved = await this.#merges.split(from, to);
    await this.#reread;
    return moved;
  }

  onRemoved(listener: () => void): void {
    this.#onRemoved.push(listener);
  }

  async exportUser(id: string): ReturnType<ProjectStore["exportUser"]> {
    await this.refresh();
    const index = this.users.indexOf(id);
    const events: StoredEvent[] = [];
    if (index >= 0)
      for await (const segment of this.#segments())
        if (segment.user.includes(index)) events.push(...eventsOf(segment, this.#ledger.events, (row) => segment.user[row] === index));
    return { user: this.user(id), events, impressions: await this.#impressions.readUser(id), merged: this.#merges.into(id) };
  }

  async *readEvents(): AsyncGenerator<StoredEvent> {
    await this.refresh();
    for await (const segment of this.#segments()) yield* eventsOf(segment, this.#ledger.events);
  }

  dropBefore(time: number): Promise<number> {
    return this.#removal.dropBefore(time);
  }

  dropImpressionsBefore(time: number): Promise<void> {
    return this.#impressions.dropBefore(time);
  }

  lead(): Promise<(() => Promise<void>) | undefined> {
    return this.#storage.lead(this.name);
  }

  stats(): ProjectStats {
    const { events, items, users } = this.#ledger;
    const { totals, typeNames } = events;
    return {
      events: totals.events,
      users: events.users.live,
      items: events.items.size,
      describedItems: items.size,
      describedUsers: users.size,
      eventTypes: typeNames.map((type, index) => ({ type, count: totals.byType[index] ?? 0 })),
      from: totals.from,
      to: totals.to,
    };
  }

  /** Merges small event segments now instead of in the background. @param tiers segment sizes to merge up to, in bytes */
  compact(tiers?: readonly number[]): Promise<void> {
    return this.#keeper.compact(tiers);
  }

  /** Writes batched data now. */
  flush(): Promise<void> {
    return this.#impressions.flush();
  }

  async close(): Promise<void> {
    try {
      await this.#impressions.close();
    } finally {
      await this.#keeper.close();
      await this.#queue.close();
    }
  }

  #removed(user: number, all: boolean): void {
    if (!all) this.#reread = this.#reread.catch(() => {}).then(() => rereadUser(this.#ledger, this.#keeper, user));
    for (const listener of this.#onRemoved) listener();
  }

  async *#segments(): AsyncGenerator<ReturnType<typeof readSegment>> {
    for await (const bytes of this.segments()) yield readSegment(bytes);
  }

  async #put(kind: EntityKind, entities: readonly EntityInput[]): Promise<void> {
    checkEntities(kind, entities);
    if (entities.length > 0) await this.#queue.submit((draft) => draftEntities(draft, kind, entities, Date.now()), entities.length);
  }
}
