import { availableParallelism } from "node:os";
import type { EventColumns } from "../../data/event-columns.ts";
import type { FittedModel } from "../../model/fitted-model.ts";
import type { Need } from "../../model/needs.ts";
import { RecoError } from "../../util/errors.ts";
import { throwIfAborted } from "../../util/progress.ts";
import type { ModelChoice } from "../config/config.ts";
import type { ModelRecord } from "../engine.ts";
import type { Job } from "../jobs/job.ts";
import { type JobContext, Jobs } from "../jobs/jobs.ts";
import { fitFeatures } from "./fit-features.ts";
import type { CurrentModel, FitOrder, FitRunner, FittedArtifact, SlotOrder, SlotOutcome } from "./fit-order.ts";
import { type Loadable, loadInService, loadStored } from "./load.ts";
import { ModelStore, type StoredModel } from "./model-store.ts";
import { builtInModels } from "./model-table.ts";
import { unpackModel } from "./pack-model.ts";
import { sweepScratchFolders } from "./scratch-folder.ts";
import { fitInThread } from "./thread.ts";
import type { ServedModel, Trainer, TrainerOptions, Trigger } from "./trainer.ts";
import { due, type TriggerState } from "./triggers.ts";
import { fittingTurn } from "./turn.ts";

/** The slot for the model that training chooses. */
const MAIN = "main";
/** Milliseconds between checks for what is due, and between attempts to become the leader. */
const TICK = 1000;
const LEAD_AGAIN = 5000;
/** Models that fit in at most this many seconds are updated between fits. */
const LONGEST_UPDATE = 30;

type Refresh = NonNullable<TriggerState["refreshed"]>;

/** Loads the live models, and from then on trains if this process is the leader. */
export async function createTrainer(options: TrainerOptions): Promise<Trainer> {
  const trainer = new ProjectTrainer(options);
  await trainer.open();
  return trainer;
}

/** See {@link Trainer}. Connects jobs, threads, store and triggers. */
class ProjectTrainer implements Trainer {
  readonly #options: TrainerOptions;
  readonly #jobs: Jobs;
  readonly #models: ModelStore;
  readonly #log: (message: string) => void;
  readonly #loadable: Loadable;
  readonly #runFit: FitRunner;
  readonly #served = new Map<string, { model: FittedModel; id: string }>();
  /** Models that this process is making live itself, so they need not be loaded. */
  readonly #taking = new Map<string, string>();
  readonly #listeners: ((slot: string, model: FittedModel, record: ModelRecord) => void)[] = [];
  readonly #loading = new Map<string, Promise<void>>();
  #release: (() => Promise<void>) | undefined;
  #leadTried = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  /** The job being recorded. */
  #starting: { readonly kind: "train" | "update"; readonly job: Promise<Job> } | undefined;
  #closed = false;
  #fitted: Refresh | undefined;
  #refreshed: Refresh | undefined;
  #failures = 0;
  #failedAt = 0;
  #drift = { events: 0, unknown: 0 };

  constructor(options: TrainerOptions) {
    const { store, jobs = new Jobs(store.documents, { shared: store.shared }), log = () => {}, fitRunner = fitInThread } = options;
    this.#options = options;
    this.#jobs = jobs;
    this.#models = new ModelStore(store);
    this.#log = log;
    this.#loadable = options.loadable ?? { models: builtInModels, modules: [] };
    this.#runFit = fitRunner;
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

  get leads(): boolean {
    return this.#release !== undefined;
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
      throw new RecoError("not-found", `The slot ${JSON.stringify(slot)} has no kept model ${JSON.stringify(id)}.`);
    // Read it before changing anything: a damaged file must not replace a good one.
    if (this.#served.get(slot)?.id !== wanted.id) await this.#serve(wanted, await loadStored(this.#models, wanted.id, this.#loadable));
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
      if (this.#release !== undefined) await this.#jobs.failOrphans();
      if (this.#release === undefined || this.#starting !== undefined || this.#open() !== undefined) return;
      const [asked] = this.#jobs.requested();
      if (asked !== undefined) await this.#start("train", asked.trigger as Trigger);
      else {
        const next = due(this.#state(), this.#options.config.training);
        if (next !== undefined) await this.#start(next.kind, next.trigger);
      }
    } catch (error) {
      this.#log(`Could not start a fit: ${messageOf(error)}`);
    }
  }

  /** Becomes the leader, if no other process is. */
  async #lead(): Promise<void> {
    this.#leadTried = Date.now();
    this.#release = await this.#options.store.lead();
    if (this.#release === undefined) return;
    try {
      await this.#jobs.failOrphans();
      await this.#models.sweep();
      await sweepScratchFolders();
    } catch (error) {
      // On a read-only disk, for example. Reads go on, and so must the start.
      this.#log(`Could not tidy up after an earlier process: ${messageOf(error)}`);
    }
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

  /** The fit running or waiting in this process. */
  #open(): Job | undefined {
    const open = (job: Job) => (job.kind === "train" || job.kind === "update") && (job.state === "waiting" || job.state === "running");
    const asked = new Set(this.#jobs.requested().map(({ id }) => id));
    return this.#jobs.list().find((job) => open(job) && !asked.has(job.id));
  }

  /** Records a job and starts it, unless there is already one of its kind. */
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
    report(0, "reading events");
    const slots = this.#orders(mode);
    const features = await fitFeatures(store, this.#needs(slots), config.users);
    const order: FitOrder = {
      ...{ mode, slots, modules: this.#loadable.modules, eventTypes: [...store.eventTypes] },
      ...{ events: config.events, objective: config.objective, users: store.users.size, items: store.items.size, seed: 1 },
      holdout: config.training?.holdout ?? 0.1,
      threads: config.training?.threads ?? Math.max(1, availableParallelism() - 1),
    };
    const serving = new Map(slots.map(({ slot }) => [slot, this.#models.inService(slot) ?? ""]));
    const current = (slot: string) => this.#models.read(serving.get(slot) ?? "");
    const open = new Set(serving.keys());
    const outcomes: (Omit<SlotOutcome, "fitted"> & { id: string; promoted: boolean })[] = [];
    for await (const outcome of this.#runFit({ order, segments: store.segments(), features, current, signal, report })) {
      throwIfAborted(signal);
      if (!open.delete(outcome.slot))
        throw new RecoError(
          "bad-input",
          `The fit runner returned an outcome for the slot ${JSON.stringify(outcome.slot)}, which was not requested.`,
        );
      const id = await this.#take(mode, outcome, Date.now() - begin);
      const { fitted, ...rest } = outcome;
      outcomes.push({ id, promoted: fitted !== undefined, ...rest });
    }
    throwIfAborted(signal);
    if (open.size > 0) throw new RecoError("bad-input", `The fit runner ended without an outcome for ${[...open].join(", ")}.`);
    if (mode === "train") await this.#models.keepSlots(new Set(slots.map(({ slot }) => slot)));
    const done = { at: Date.now(), milliseconds: Date.now() - begin, events: size };
    if (mode === "train") this.#fitted = done;
    this.#refreshed = done;
    this.#drift = { events: 0, unknown: 0 };
    return { events: size, slots: outcomes };
  }

  /** What the models that could be fitted need. */
  #needs(slots: readonly SlotOrder[]): Set<Need> {
    const { models } = this.#loadable;
    const proposing = Object.keys(models).filter((name) => models[name].definition.suits !== undefined);
    const names = slots.flatMap((slot) => [
      ...(slot.models?.map(({ model }) => model) ?? proposing),
      ...(slot.current === undefined ? [] : [slot.current.model]),
    ]);
    return new Set(names.flatMap((name) => (Object.hasOwn(models, name) ? (models[name].definition.needs ?? []) : [])));
  }

  /** What to fit for each slot. */
  #orders(mode: "train" | "update"): SlotOrder[] {
    const { config, slots = () => [] } = this.#options;
    const main = config.training?.models?.map((model): ModelChoice => (typeof model === "string" ? { model } : model));
    const wanted: SlotOrder[] = [
      { slot: MAIN, models: main, fixed: false },
      ...slots().map(({ slot, model, options }) => ({ slot, models: [{ model, ...(options && { options }) }], fixed: true })),
    ];
    return wanted.flatMap((order) => {
      const serving = this.#models.get(this.#models.inService(order.slot) ?? "");
      if (serving === undefined) return mode === "update" ? [] : [order];
      const { model, options, newest, seenUntil, metrics } = serving;
      return [{ ...order, current: { model, options, newest, seenUntil, metrics } satisfies CurrentModel }];
    });
  }

  /** Stores the outcome for a slot and makes its model live. */
  async #take(mode: "train" | "update", { fitted, tried: _, ...outcome }: SlotOutcome, milliseconds: number): Promise<string> {
    const created = Date.now();
    const rejected = fitted === undefined;
    const { metricsBefore } = outcome;
    const id = this.#models.newId(created);
    const model: StoredModel = { ...outcome, metricsBefore, id, created, bytes: 0, rejected, mode, milliseconds };
    const stored = await this.#models.put(model, fitted?.artifact);
    if (fitted !== undefined) await this.#serve(stored, await this.#ready(stored.id, fitted));
    await this.#models.prune(outcome.slot, this.#options.config.training?.keep ?? 3);
    return stored.id;
  }

  /** The model of an outcome; loaded from its file if it was fitted elsewhere. */
  async #ready(id: string, { packed }: FittedArtifact): Promise<FittedModel> {
    if (packed !== undefined) return unpackModel(packed, this.#loadable.models);
    try {
      return await loadStored(this.#models, id, this.#loadable);
    } catch (error) {
      await this.#models.reject(id, `Could not read its file: ${messageOf(error)}`);
      throw error;
    }
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
        this.#log(`Could not switch ${slot} to the model ${served.record.id}: ${messageOf(error)}`);
      }
  }

  /**
   * Loads the model that the document of a slot names, at startup or after another process changed it. One load at a time per slot; the
   * latest wins.
   */
  async #follow(slot: string): Promise<void> {
    const before = this.#loading.get(slot) ?? Promise.resolve();
    const loading = before.then(async () => {
      const id = this.#models.inService(slot);
      if (id === undefined) this.#served.delete(slot);
      if (id === undefined || this.#closed || id === this.#taking.get(slot) || id === this.#served.get(slot)?.id) return;
      const loaded = await loadInService(this.#models, slot, this.#loadable, this.#log);
      // This process may have published another model in the meantime.
      if (loaded !== undefined && this.#models.inService(slot) === loaded.stored.id) this.#swap(slot, loaded.stored.id, loaded.model);
    });
    const quiet = loading.catch((error: unknown) => this.#log(`Could not load the model of ${slot}: ${messageOf(error)}`));
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
