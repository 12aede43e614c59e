import type { Dataset } from "../../data/dataset.ts";
import type { EventColumns } from "../../data/event-columns.ts";
import type { Backend } from "../../kernel/backend.ts";
import type { ModelSpec } from "../../model/define-model.ts";
import type { Model } from "../../model/model.ts";
import { registry } from "../../models/registry.gen.ts";
import { RecoError } from "../../util/errors.ts";
import { type Progress, step } from "../../util/progress.ts";
import { EventWeighting } from "../learning/event-weighting.ts";
import type { FitOrder, SlotOutcome } from "./messages.ts";
import { anyEvent, resolveObjective } from "./objective.ts";
import { packModel } from "./pack-model.ts";
import { trainingSet, type WeightedEvents } from "./training-set.ts";
import { cutTime, type Withheld, withhold } from "./withheld.ts";

/** What a fit needs beside order and events. */
export interface FitTools {
  readonly backend: Backend;
  readonly signal: AbortSignal;
  readonly report: (progress: number, task: string) => void;
}

/** Something to fit: a model, on all events or the newest share of them. */
export interface Fit {
  readonly spec: ModelSpec;
  readonly newest: number | undefined;
}

/** The events of a project as all its slots are fitted and judged on them. */
export interface FitData {
  /** Events, whatever they say. */
  readonly events: number;
  /** Time of the newest. */
  readonly until: number;
  /** From when on events are withheld from candidates. */
  readonly cut: number;
  readonly withheld: Withheld;
  readonly seed: number;
  /** Of all events, or the newest share of them. */
  all(newest?: number): Dataset;
  /** Of those before the cut. */
  before(newest?: number): Dataset;
}

/** Fewer users than these tell nothing about which of two models is better. */
export const FEWEST_JUDGED = 20;

/** @throws RecoError `empty-data` where no event says anything in favour of an item */
export function fitData(order: FitOrder, columns: EventColumns): FitData {
  const weights = new EventWeighting(order.events, () => order.eventTypes);
  weights.observe(columns);
  const events = weighted(columns, weights, order);
  if (!events.weight.some((weight) => weight > 0))
    throw new RecoError("empty-data", "No event says anything in favour of an item, so there is nothing to learn.");
  const cut = cutTime(events, order.holdout, Math.max(...order.slots.map(({ current }) => current?.seenUntil ?? Number.NEGATIVE_INFINITY)));
  const objective = resolveObjective(order.objective, order.eventTypes, weights, events);
  let withheld = withhold(events, cut, objective, { seed: order.seed });
  // Purchases may be too few to tell models apart: what is looked at then has to do.
  if (withheld.relevant.rows < FEWEST_JUDGED) withheld = withhold(events, cut, anyEvent(weights), { seed: order.seed });
  const kept = new Map<string, Dataset>();
  const once = (range: { readonly before?: number; readonly newest: number }) => {
    const key = JSON.stringify(range);
    const data = kept.get(key) ?? trainingSet(events, range);
    kept.set(key, data);
    return data;
  };
  return {
    events: events.length,
    until: events.time.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY),
    ...{ cut, withheld, seed: order.seed },
    all: (newest = 1) => once({ newest }),
    before: (newest = 1) => once({ before: cut, newest }),
  };
}

/** Fits on a training set; `report` is told how far it is, in [0, 1]. */
export async function fitOn(data: Dataset, { spec }: Fit, seed: number, tools: FitTools, report: (share: number) => void): Promise<Model> {
  const { backend, signal } = tools;
  return await spec.fit(data, { backend, signal, seed, onProgress: (progress) => report(shareOf(progress)) });
}

/** @throws RecoError `unknown-model`, `bad-option` */
export function specOf(model: string, options: Readonly<Record<string, unknown>>): ModelSpec {
  if (!Object.hasOwn(registry, model)) throw new RecoError("unknown-model", `No model is called ${JSON.stringify(model)}.`);
  return registry[model](options);
}

/** Writes a model, without anything of a person, and packs it for the way to the serving thread. */
export async function handOut(model: Model, path: string): Promise<SlotOutcome["fitted"]> {
  await model.save(path, { histories: false });
  return { path, packed: packModel(model) };
}

/** Lets other work of the thread run, and throws when it is to stop. */
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
    // Events may have come while the log was read.
    if (events.user[i] >= mostUsers) mostUsers = events.user[i] + 1;
    if (events.item[i] >= mostItems) mostItems = events.item[i] + 1;
  }
  const { length, user, item, type, value, time } = events;
  return { length, user, item, type, value, time, weight, users: mostUsers, items: mostItems };
}
