import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ProjectStore } from "../../store/store.ts";
import { RecoError } from "../../util/errors.ts";
import type { ModelRecord } from "../engine.ts";

/** A model's record as stored. The document of its slot says whether it is live, so that a switch is a single write. */
export interface StoredModel extends Omit<ModelRecord, "state"> {
  readonly rejected: boolean;
  /** Time of the newest event it was fitted on. */
  readonly seenUntil: number;
  /** The kind of job that made it, and how long the job had been running, in milliseconds. */
  readonly mode: "train" | "update";
  readonly milliseconds: number;
}

const RECORD = "model";
const SERVICE = "in-service";
const PREFIX = "model-";

/**
 * The model store of a project: a record per model (documents of kind `model`), a file for each model that can go live (a blob), and a
 * document per slot (kind `in-service`) that names the live model.
 */
export class ModelStore {
  private readonly store: Pick<ProjectStore, "documents" | "blobs">;
  /** Models being published; exempt from cleanup. */
  private readonly arriving = new Set<string>();

  constructor(store: Pick<ProjectStore, "documents" | "blobs">) {
    this.store = store;
  }

  /** A new unique id; ids sort by time. */
  newId(now: number): string {
    return `${now.toString(36).padStart(9, "0")}-${randomUUID().slice(0, 8)}`;
  }

  /** Newest first. */
  stored(slot?: string): StoredModel[] {
    return this.store.documents
      .list(RECORD)
      .map(({ body }) => body as StoredModel)
      .filter((model) => slot === undefined || model.slot === slot)
      .sort((a, b) => b.created - a.created || (a.id < b.id ? 1 : -1));
  }

  records(): ModelRecord[] {
    return this.stored().map((model) => this.recordOf(model));
  }

  get(id: string): StoredModel | undefined {
    return this.store.documents.get(RECORD, id) as StoredModel | undefined;
  }

  recordOf({ rejected, seenUntil: _, mode: __, milliseconds: ___, ...record }: StoredModel): ModelRecord {
    const state = rejected ? "rejected" : this.inService(record.slot) === record.id ? "in-service" : "kept";
    // JSON omits undefined fields; a record has all of them.
    return { ...record, metricsBefore: record.metricsBefore, state };
  }

  slots(): string[] {
    return this.store.documents.list(SERVICE).map(({ key }) => key);
  }

  /** Id of the live model. */
  inService(slot: string): string | undefined {
    return (this.store.documents.get(SERVICE, slot) as { readonly id: string } | undefined)?.id;
  }

  /** Stores a model: its file (a path, or bytes) first, its record last, so that a model with a record is complete. It is not live yet. */
  async put(model: StoredModel, artifact: string | Uint8Array | undefined): Promise<StoredModel> {
    this.arriving.add(model.id);
    try {
      let bytes = 0;
      if (artifact !== undefined) {
        bytes = typeof artifact === "string" ? (await stat(artifact)).size : artifact.length;
        const chunks = typeof artifact === "string" ? createReadStream(artifact, { highWaterMark: 1 << 20 }) : [artifact];
        await this.store.blobs.put(PREFIX + model.id, chunks);
      }
      const kept = { ...model, bytes };
      await this.store.documents.put(RECORD, model.id, kept);
      return kept;
    } finally {
      this.arriving.delete(model.id);
    }
  }

  /** The single write that makes a model live. */
  async serve(slot: string, id: string): Promise<void> {
    await this.store.documents.put(SERVICE, slot, { id });
  }

  /** Marks a model as rejected and deletes its file. */
  async reject(id: string, reason: string): Promise<void> {
    const model = this.get(id);
    if (model !== undefined) await this.store.documents.put(RECORD, id, { ...model, rejected: true, reason });
    await this.deleteBlob(id);
  }

  /** Writes the file of a model to `path`. @throws RecoError `not-found` */
  async fetch(id: string, path: string): Promise<void> {
    await pipeline(Readable.from(this.read(id)), createWriteStream(path));
  }

  /** The file of a model. @throws RecoError `not-found` */
  read(id: string): AsyncIterable<Uint8Array> {
    return this.store.blobs.get(PREFIX + id);
  }

  /** The kept model before the live one. @throws RecoError `not-found` */
  before(slot: string): StoredModel {
    const current = this.get(this.inService(slot) ?? "");
    const older = this.stored(slot).find(
      (model) =>
        !model.rejected &&
        current !== undefined &&
        (model.created < current.created || (model.created === current.created && model.id < current.id)),
    );
    if (older === undefined) throw new RecoError("not-found", `There is no earlier version to roll back to for ${JSON.stringify(slot)}.`);
    return older;
  }

  /**
   * Deletes versions of a slot beyond the newest `keep`. The live one always stays and counts. As many records of rejected models stay.
   */
  async prune(slot: string, keep: number): Promise<void> {
    const serving = this.inService(slot);
    const rejected = this.stored(slot).filter((model) => model.rejected);
    const others = this.stored(slot).filter((model) => !model.rejected && model.id !== serving);
    for (const { id } of [...rejected.slice(keep), ...others.slice(keep - 1)]) await this.forget(id);
  }

  /** Removes slots that are no longer used. */
  async keepSlots(slots: ReadonlySet<string>): Promise<void> {
    for (const slot of this.slots()) if (!slots.has(slot)) await this.store.documents.delete(SERVICE, slot);
    for (const model of this.stored()) if (!slots.has(model.slot)) await this.forget(model.id);
  }

  /** Removes files without a record, left behind by a crash during publication. */
  async sweep(): Promise<void> {
    for (const { name } of await this.store.blobs.list()) {
      const id = name.slice(PREFIX.length);
      if (name.startsWith(PREFIX) && !this.arriving.has(id) && this.get(id) === undefined) await this.deleteBlob(id);
    }
  }

  private async forget(id: string): Promise<void> {
    await this.store.documents.delete(RECORD, id);
    await this.deleteBlob(id);
  }

  private async deleteBlob(id: string): Promise<void> {
    await this.store.blobs.delete(PREFIX + id).catch((error: unknown) => {
      if (!(error instanceof RecoError && error.code === "not-found")) throw error;
    });
  }
}
