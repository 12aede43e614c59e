import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { EventColumns } from "../../data/event-columns.ts";
import type { FittedModel } from "../../model/fitted-model.ts";
import { RecoError } from "../../util/errors.ts";
import type { ModelChoice } from "../config/config.ts";
import type { Job, ModelRecord } from "../engine.ts";
import { type JobContext, Jobs } from "../jobs/jobs.ts";
import { loadInService, loadStored } from "./load.ts";
import type { CurrentModel, FitOrder, SlotOrder, SlotOutcome } from "./messages.ts";
import { ModelStore, type StoredModel } from "./model-store.ts";
import { unpackModel } from "./pack-model.ts";
import { sweepScratchFolders, withScratchFolder } from "./scratch-folder.ts";
import { fitInThread } from "./thread.ts";
import type { ServedModel, Trainer, TrainerOptions, Trigger } from "./trainer.ts";
import { due, type TriggerState } from "./triggers.ts";
import { fittingTurn } from "./turn.ts";

/** The slot of the model that training chooses. */
const MAIN = "main";
/** Milliseconds between two looks at what is due, and between two tries to become the process that trains. */
const TICK = 1000;
const LEAD_AGAIN = 5000;
/** Models whose fit took at most so long are brought up to date between fits, in seconds. */
const LONGEST_UPDATE = 30;

type Refresh = NonNullable<TriggerState["refreshed"]>;

/** See {@link Trainer}. Jobs, threads, store and triggers brought together. */
export class ProjectTrainer implements Trainer {
  readonly #options: TrainerOptions;
  readonly #jobs: Jobs;
  readonly #models: ModelStore;
  readonly #log: (message: string) => void;
  readonly #served = new Map<string, { model: FittedModel; id: string }>();
  /** Models that this process itself is putting in service: they need not be loaded. */
  readonly #taking = new Map<string, string>();
  readonly #listeners: ((slot: string, model: FittedModel, record: ModelRecord) => void)[] = [];
  readonly #loading = new Map<string, Promise<void>>();
  #release: (() => Promise<void>) | undefined;
  #leadTried = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  /** The job that is being put on record. */
  #starting: { readonly kind: "train" | "update"; readonly job: Promise<Job> } | undefined;
  #closed = false;
  #fitted: Refresh | undefined;
  #refreshed: Refresh | undefined;
  #failures = 0;
  #failedAt = 0;
  #drift = { events: 0, unknown: 0 };

  constructor(options: TrainerOptions) {
    const { store, jobs = new Jobs(store.documents), log = () => {} } = options;
    this.#options = options;
    this.#jobs = jobs;
    this.#models = new ModelStore(store);
    this.#log = log;
  }

  async open(): Promise<void> {
    const { documents } = this.#options.store;
    documents.onChange("in-service", (slot) => void this.#follow(slot));
    this.#jobs.onRequest(() => void this.#tick());
    await Promise.all(this.#models.slots().map((slot) => this.#follow(slot)));
    const [newest] = this.#models.stored();
    const full = this.#models.stored().find(({ mode }) => mode === "train");
    if (full !== undefined) this.#fitted = refreshOf(full);
    if (newest !== undefined && full !== undefined) this.#refreshed = refreshOf(newest);
    await this.#lead();
    this.#timer = setInterval(() => void this.#tick(), TICK);
    this.#timer.unref();
  }

  async start(trigger: Trigger): Promise<Job> {
    return await this.#start("train", trigger);
  }

  async cancel(job: string): Promise<boolean> {
    return await this.#jobs.cancel(job);
  }

  jobs(): readonly Job[] {
    return this.#jobs.list();
  }

  models(): readonly ModelRecord[] {
    return this.#models.records();
  }

  inService(slot: string): ServedModel | undefined {
    const served = this.#served.get(slot);
    const stored = served && this.#models.get(served.id);
    return served && stored && { model: served.model, record: this.#models.recordOf(stored) };
  }

  async rollback(slot: string, id?: string): Promise<ModelRecord> {
    const wanted = id === undefined ? this.#models.before(slot) : this.#models.get(id);
    if (wanted === undefined || wanted.slot !== slot || wanted.rejected)
      throw new RecoError("not-found", `No model ${JSON.stringify(id)} is kept for ${JSON.stringify(slot)}.`);
    // Read before anything changes: a damaged file must not take the place of a good one.
    if (this.#served.get(slot)?.id !== wanted.id) await this.#serve(wanted, await loadStored(this.#models, wanted.id));
    return this.#models.recordOf(wanted);
  }

  onPublish(listener: (slot: string, model: FittedModel, record: ModelRecord) => void): void {
    this.#listeners.push(listener);
    for (const slot of this.#served.keys()) this.#tell(slot, [listener]);
  }

  observe({ length, item }: EventColumns): void {
    const known = this.#served.get(MAIN)?.model.itemCounts;
    if (known === undefined) return;
    this.#drift.events += length;
    for (let i = 0; i < length; i++) if (!(known[item[i]] > 0)) this.#drift.unknown++;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#jobs.close();
    await Promise.all(this.#loading.values());
    await this.#release?.();
    this.#release = undefined;
  }

  async #tick(): Promise<void> {
    try {
      if (this.#closed) return;
      if (this.#release === undefined && Date.now() - this.#leadTried >= LEAD_AGAIN) await this.#lead();
      if (this.#release === undefined || this.#starting !== undefined || this.#open() !== undefined) return;
      const [asked] = this.#jobs.requested();
      if (asked !== undefined) await this.#start("train", asked.trigger as Trigger);
      else {
        const next = due(this.#state(), this.#options.config.training);
        if (next !== undefined) await this.#start(next.kind, next.trigger);
      }
    } catch (error) {
      this.#log(`A fit could not be started: ${messageOf(error)}`);
    }
  }

  /** Becomes the process that trains, if no other is. */
  async #lead(): Promise<void> {
    this.#leadTried = Date.now();
    this.#release = await this.#options.store.lead();
    if (this.#release === undefined) return;
    await this.#jobs.failOrphans();
    await this.#models.sweep();
    await sweepScratchFolders();
  }

  #state(): TriggerState {
    const usual = this.inService(MAIN)?.record.metrics["unknown-items"] ?? 0;
    const seconds = this.#models.slots().map((slot) => this.#models.get(this.#models.inService(slot) ?? "")?.fitSeconds ?? 0);
    return {
      now: Date.now(),
      events: this.#options.store.size,
      fitted: this.#fitted,
      refreshed: this.#refreshed,
      failures: this.#failures,
      failedAt: this.#failedAt,
      updatable: seconds.length > 0 && seconds.reduce((sum, one) => sum + one, 0) <= LONGEST_UPDATE,
      drift: { ...this.#drift, usual },
    };
  }

  /** The fit that runs or waits here. */
  #open(): Job | undefined {
    const open = (job: Job) => (job.kind === "train" || job.kind === "update") && (job.state === "waiting" || job.state === "running");
    const asked = new Set(this.#jobs.requested().map(({ id }) => id));
    return this.#jobs.list().find((job) => open(job) && !asked.has(job.id));
  }

  /** Puts a job on record and starts it, if none of its kind is there. */
  async #start(kind: "train" | "update", trigger: Trigger): Promise<Job> {
    while (this.#starting !== undefined) {
      const { kind: other, job } = this.#starting;
      if (other === kind) return await job;
      await job.catch(() => {});
    }
    const job = this.#begin(kind, trigger).finally(() => {
      this.#starting = undefined;
    });
    this.#starting = { kind, job };
    return await job;
  }

  async #begin(kind: "train" | "update", trigger: Trigger): Promise<Job> {
    const there = this.#open();
    if (there?.kind === kind) return there;
    const [asked] = this.#jobs.requested();
    if (this.#release === undefined) return asked ?? (await this.#jobs.request({ kind, trigger }));
    const request = { kind, trigger, turn: fittingTurn, ...(asked && kind === "train" && { id: asked.id }) };
    const { job, finished } = await this.#jobs.run(request, (context) => this.#fit(kind, context));
    void finished.then((ended) => {
      if (ended.state === "done") this.#failures = 0;
      else {
        this.#failures++;
        this.#failedAt = Date.now();
        if (ended.state === "failed") this.#log(`The fit ${ended.id} failed: ${ended.error}`);
      }
    });
    return job;
  }

  async #fit(mode: "train" | "update", { signal, report }: JobContext): Promise<unknown> {
    const { store, config } = this.#options;
    const begin = Date.now();
    const { size } = store;
    return await withScratchFolder(async (folder) => {
      report(0, "reading events");
      const slots = await this.#orders(mode, folder);
      const order: FitOrder = {
        ...{ type: "fit", mode, slots, eventTypes: [...store.eventTypes], events: config.events, objective: config.objective },
        ...{ users: store.users.size, items: store.items.size, seed: 1 },
        holdout: config.training?.holdout ?? 0.1,
        threads: config.training?.threads ?? Math.max(1, availableParallelism() - 1),
      };
      const outcomes: (Omit<SlotOutcome, "fitted"> & { id: string; promoted: boolean })[] = [];
      await fitInThread(order, store.segments(), {
        signal,
        onProgress: (progress, task) => report(progress, task),
        onOutcome: async (outcome) => {
          const id = await this.#take(mode, outcome, Date.now() - begin);
          const { fitted, ...rest } = outcome;
          outcomes.push({ id, promoted: fitted !== undefined, ...rest });
        },
      });
      if (mode === "train") await this.#models.keepSlots(new Set(slots.map(({ slot }) => slot)));
      const done = { at: Date.now(), milliseconds: Date.now() - begin, events: size };
      if (mode === "train") this.#fitted = done;
      this.#refreshed = done;
      this.#drift = { events: 0, unknown: 0 };
      return { events: size, slots: outcomes };
    });
  }

  /** What each slot is to get; the files of the models in service lie in `folder` then, for comparison. */
  async #orders(mode: "train" | "update", folder: string): Promise<SlotOrder[]> {
    const { config, slots = () => [] } = this.#options;
    const main = config.training?.models?.map((model): ModelChoice => (typeof model === "string" ? { model } : model));
    const wanted: Pick<SlotOrder, "slot" | "models" | "fixed">[] = [
      { slot: MAIN, models: main, fixed: false },
      ...slots().map(({ slot, model, options }) => ({ slot, models: [{ model, ...(options && { options }) }], fixed: true })),
    ];
    const orders: SlotOrder[] = [];
    for (const [i, { slot, models, fixed }] of wanted.entries()) {
      const serving = this.#models.get(this.#models.inService(slot) ?? "");
      if (mode === "update" && serving === undefined) continue;
      const current = serving && (await this.#current(serving, join(folder, `serving-${i}.safetensors`)));
      orders.push({ slot, models, fixed, current, path: join(folder, `fitted-${i}.safetensors`) });
    }
    return orders;
  }

  async #current(serving: StoredModel, path: string): Promise<CurrentModel> {
    const { model, options, newest, seenUntil, metrics } = serving;
    const there = await this.#models.fetch(serving.id, path).then(
      () => true,
      () => false,
    );
    return { model, options, newest, seenUntil, metrics, path: there ? path : undefined };
  }

  /** Keeps what became of a slot, and puts its model in service. */
  async #take(mode: "train" | "update", { fitted, tried: _, ...outcome }: SlotOutcome, milliseconds: number): Promise<string> {
    const created = Date.now();
    const rejected = fitted === undefined;
    const model: StoredModel = { ...outcome, id: this.#models.newId(created), created, bytes: 0, rejected, mode, milliseconds };
    const stored = await this.#models.put(model, fitted?.path);
    if (fitted !== undefined) await this.#serve(stored, unpackModel(fitted.packed));
    await this.#models.prune(outcome.slot, this.#options.config.training?.keep ?? 3);
    return stored.id;
  }

  async #serve({ slot, id }: StoredModel, model: FittedModel): Promise<void> {
    this.#taking.set(slot, id);
    try {
      await this.#models.serve(slot, id);
      this.#swap(slot, id, model);
    } finally {
      this.#taking.delete(slot);
    }
  }

  #swap(slot: string, id: string, model: FittedModel): void {
    this.#served.set(slot, { id, model });
    if (slot === MAIN) this.#drift = { events: 0, unknown: 0 };
    this.#tell(slot, this.#listeners);
  }

  #tell(slot: string, listeners: TrainerListeners): void {
    const served = this.inService(slot);
    if (served === undefined) return;
    for (const listener of listeners)
      try {
        listener(slot, served.model, served.record);
      } catch (error) {
        this.#log(`The model ${served.record.id} of ${slot} was not taken over: ${messageOf(error)}`);
      }
  }

  /** Loads what the document of a slot names, after another process or a start. One at a time a slot; the last word counts. */
  async #follow(slot: string): Promise<void> {
    const before = this.#loading.get(slot) ?? Promise.resolve();
    const loading = before.then(async () => {
      const id = this.#models.inService(slot);
      if (id === undefined) this.#served.delete(slot);
      if (id === undefined || this.#closed || id === this.#taking.get(slot) || id === this.#served.get(slot)?.id) return;
      const loaded = await loadInService(this.#models, slot, this.#log);
      // This process may have put up another one in the meantime.
      if (loaded !== undefined && this.#models.inService(slot) === loaded.stored.id) this.#swap(slot, loaded.stored.id, loaded.model);
    });
    const quiet = loading.catch((error: unknown) => this.#log(`The model of ${slot} could not be loaded: ${messageOf(error)}`));
    this.#loading.set(slot, quiet);
    await quiet;
  }
}

type TrainerListeners = readonly ((slot: string, model: FittedModel, record: ModelRecord) => void)[];

function refreshOf({ created, milliseconds, events }: StoredModel): Refresh {
  return { at: created, milliseconds, events };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
