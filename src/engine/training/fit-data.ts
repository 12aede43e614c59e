import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Dataset } from "../../data/dataset.ts";
import type { EventColumns } from "../../data/event-columns.ts";
import type { Backend } from "../../kernel/backend.ts";
import type { ModelSpec } from "../../model/define-model.ts";
import type { Model } from "../../model/model.ts";
import { type Need, needsMet, seesEntries } from "../../model/needs.ts";
import { RecoError } from "../../util/errors.ts";
import { type Progress, step } from "../../util/progress.ts";
import { EventWeighting } from "../learning/event-weighting.ts";
import { type FitFeatures, NO_FEATURES } from "./fit-features.ts";
import type { FitOrder, FittedArtifact } from "./fit-order.ts";
import { type ModelTable, modelNamed } from "./model-table.ts";
import { anyEvent, resolveObjective } from "./objective.ts";
import { packModel } from "./pack-model.ts";
import { takeBack } from "./take-back.ts";
import { type TrainingRange, trainingSet, type WeightedEvents } from "./training-set.ts";
import { cutTime, shuffledIfUntimed, type Withheld, withhold } from "./withheld.ts";

/** What a fit needs besides the order and the events. */
export interface FitTools {
  readonly backend: Backend;
  readonly signal: AbortSignal;
  readonly report: (progress: number, task: string) => void;
  readonly models: ModelTable;
  /** Where to write new models. */
  readonly folder: string;
  /** The files of the live models, by slot, without those that could not be read. */
  readonly files: ReadonlyMap<string, string>;
}

/** A model to fit, on all events or the newest share of them. */
export interface Fit {
  readonly spec: ModelSpec;
  readonly newest: number | undefined;
  /** Whether it sees every event as a separate interaction; otherwise there is one per user-item pair. */
  readonly entries: boolean;
}

/** The events of a project, as used to fit and evaluate all its slots. */
export interface FitData {
  /** Number of events, including those that don't count. */
  readonly events: number;
  /** Time of the newest event. */
  readonly until: number;
  /** Whether a model that has seen the events until this time has seen none of those held out. */
  judges(seenUntil: number): boolean;
  readonly withheld: Withheld;
  readonly seed: number;
  /** What the project has of the things models can need. */
  readonly has: readonly Need[];
  /** Training set from all events, or the newest share of them. */
  all(of?: Partial<Pick<Fit, "newest" | "entries">>): Dataset;
  /** Training set from the events before the cut. */
  before(of?: Partial<Pick<Fit, "newest" | "entries">>): Dataset;
}

/** With fewer users than this, two models can't be compared. */
export const FEWEST_JUDGED = 20;

/** @throws RecoError `empty-data` if no event counts in favor of an item */
export function fitData(order: FitOrder, columns: EventColumns, features: FitFeatures = NO_FEATURES): FitData {
  const weights = new EventWeighting(order.events, () => order.eventTypes);
  weights.observe(columns);
  const events = weighted(columns, weights, order);
  if (!events.weight.some((weight) => weight > 0))
    throw new RecoError("empty-data", "There is nothing to learn: no event counts in favor of an item. Check the weights in events.");
  const shuffled = shuffledIfUntimed(events, order.seed);
  const judged = shuffled ?? events;
  // Random events are held out from data without times, and a live model has seen some of them.
  const seenUntil = shuffled ? [] : order.slots.map(({ current }) => current?.seenUntil ?? Number.NEGATIVE_INFINITY);
  const cut = cutTime(judged, order.holdout, Math.max(...seenUntil));
  const objective = resolveObjective(order.objective, order.eventTypes, weights, events);
  const options = { seed: order.seed, users: features.users };
  let withheld = withhold(judged, cut, objective, options);
  // There may be too few purchases to compare models; fall back to every event in favor of its item.
  if (withheld.relevant.rows < FEWEST_JUDGED) withheld = withhold(judged, cut, anyEvent(weights), options);
  const kept = new Map<string, Dataset>();
  const once = (range: TrainingRange) => {
    const key = JSON.stringify(range);
    const data =
      kept.get(key) ?? trainingSet(range.before === undefined ? events : judged, range, { ...features, eventTypes: order.eventTypes });
    kept.set(key, data);
    return data;
  };
  const all: FitData["all"] = ({ newest = 1, entries = false } = {}) => once({ newest, entries });
  return {
    events: events.length,
    until: events.time.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY),
    ...{ withheld, seed: order.seed },
    judges: (seenUntil) => shuffled === undefined && seenUntil < cut,
    all,
    has: [
      ...needsMet(all()).filter((need) => shuffled === undefined || (need !== "order" && need !== "times")),
      ...(order.eventTypes.length > 0 ? (["behaviors"] as const) : []),
    ],
    before: ({ newest = 1, entries = false } = {}) => once({ before: cut, newest, entries }),
  };
}

/** Fits on a training set; `report` gets the progress, in [0, 1]. */
export async function fitOn(data: Dataset, { spec }: Fit, seed: number, tools: FitTools, report: (share: number) => void): Promise<Model> {
  const { backend, signal } = tools;
  return await spec.fit(data, { backend, signal, seed, onProgress: (progress) => report(shareOf(progress)) });
}

/** @throws RecoError `unknown-model`, `bad-option` */
export function fitOf({ models }: FitTools, model: string, options: Readonly<Record<string, unknown>>, newest?: number): Fit {
  const factory = modelNamed(models, model);
  return { spec: factory(options), newest, entries: seesEntries(factory.definition.needs) };
}

/** Writes a model, without personal data, and packs it for transfer to the serving thread. */
export async function handOut(model: Model, data: Dataset, { folder }: FitTools): Promise<FittedArtifact> {
  const artifact = join(folder, `fitted-${randomUUID()}.safetensors`);
  await model.save(artifact, { histories: false });
  return { artifact, packed: packModel(model, buffersIn(data)) };
}

/** The buffers of a dataset, which other slots also use. */
function buffersIn(value: unknown, found = new Set<ArrayBufferLike>()): Set<ArrayBufferLike> {
  if (ArrayBuffer.isView(value)) found.add(value.buffer);
  else if (typeof value === "object" && value !== null && !Array.isArray(value))
    for (const part of Object.values(value)) buffersIn(part, found);
  return found;
}

/** Yields to other work of the thread; throws if asked to stop. */
export function pauseOf({ signal }: FitTools): () => Promise<void> {
  return () => step({ task: "", done: 0, total: 0 }, undefined, signal);
}

export function shareOf({ done, total }: Progress): number {
  return total > 0 ? Math.min(1, done / total) : 0;
}

function weighted(events: EventColumns, weights: EventWeighting, { users, items }: FitOrder): WeightedEvents {
  const weight = new Float32Array(events.length);
  let mostUsers = users;
  let mostItems = items;
  for (let i = 0; i < events.length; i++) {
    weight[i] = weights.of(events.type[i], events.value[i]);
    // Events may have arrived while the log was being read.
    if (events.user[i] >= mostUsers) mostUsers = events.user[i] + 1;
    if (events.item[i] >= mostItems) mostItems = events.item[i] + 1;
  }
  const takenBack = takeBack(events, weight, weights);
  const { length, user, item, type, value, time } = events;
  return { length, user, item, type, value, time, weight, takenBack, users: mostUsers, items: mostItems };
}
