import type { Dataset } from "../../data/dataset.ts";
import { modelLabels } from "../../evaluate/model-labels.ts";
import type { Backend } from "../../kernel/backend.ts";
import type { ModelSpec } from "../../model/define-model.ts";
import type { Model } from "../../model/model.ts";
import { loadModel } from "../../models/load-model.ts";
import { registry } from "../../models/registry.gen.ts";
import type { EventColumns } from "../../store/store.ts";
import { RecoError } from "../../util/errors.ts";
import { type Progress, step } from "../../util/progress.ts";
import { EventWeights } from "../event-weights.ts";
import { type Candidate, chooseCandidates, shapeOf } from "./choose-candidates.ts";
import { type Judgement, judge } from "./judge.ts";
import type { CurrentModel, FitOrder, SlotOrder, SlotOutcome, Tried } from "./messages.ts";
import { anyEvent, resolveObjective } from "./objective.ts";
import { packModel } from "./pack-model.ts";
import { decide } from "./promotion.ts";
import { trainingSet, type WeightedEvents } from "./training-set.ts";
import { cutTime, type Withheld, withhold } from "./withheld.ts";

/** What a fit needs beside order and events. */
export interface FitTools {
  readonly backend: Backend;
  readonly signal: AbortSignal;
  readonly report: (progress: number, task: string) => void;
}

/** Fewer users than these tell nothing about which of two models is better. */
const FEWEST_JUDGED = 20;
/** Longest time that candidates are compared, in seconds. The one under way is finished. */
const BUDGET = 600;

/** Fits what an order asks for, slot by slot. Yields each outcome as soon as it is there. */
export async function* fitSlots(order: FitOrder, columns: EventColumns, tools: FitTools): AsyncGenerator<SlotOutcome> {
  const weights = new EventWeights(order.events, () => order.eventTypes);
  weights.observe(columns);
  const events = weighted(columns, weights, order);
  const all = trainingSet(events);
  if (all.size === 0) throw new RecoError("empty-data", "No event says anything in favour of an item, so there is nothing to learn.");
  const seenUntil = order.slots.map(({ current }) => current?.seenUntil ?? Number.NEGATIVE_INFINITY);
  const cut = cutTime(events, order.holdout, Math.max(...seenUntil));
  const before = trainingSet(events, cut);
  const objective = resolveObjective(order.objective, order.eventTypes, weights, events);
  const options = { seed: order.seed };
  let withheld = withhold(events, cut, objective, options);
  if (withheld.relevant.rows < FEWEST_JUDGED) withheld = withhold(events, cut, anyEvent(weights), options);
  let newest = Number.NEGATIVE_INFINITY;
  for (const time of events.time) if (time > newest) newest = time;
  const data: FitData = { all, before, cut, withheld, events: events.length, newest, seed: order.seed };
  for (const [i, slot] of order.slots.entries()) {
    const report = (progress: number, task: string) =>
      tools.report((i + progress) / order.slots.length, order.slots.length > 1 ? `${slot.slot}: ${task}` : task);
    const work = order.mode === "update" && slot.current !== undefined ? updateSlot : trainSlot;
    yield await work(slot, data, { ...tools, report });
  }
}

interface FitData {
  /** Of all events, and of those before the cut. */
  readonly all: Dataset;
  readonly before: Dataset;
  readonly cut: number;
  readonly withheld: Withheld;
  readonly events: number;
  readonly newest: number;
  readonly seed: number;
}

/** A candidate that was fitted and judged. */
interface Attempt {
  readonly label: string;
  readonly spec: ModelSpec;
  readonly judgement: Judgement;
  readonly floor: boolean;
}

async function trainSlot(order: SlotOrder, data: FitData, tools: FitTools): Promise<SlotOutcome> {
  const { current, models } = order;
  const judged = data.withheld.relevant.rows;
  const choice = models === undefined ? chooseCandidates(shapeOf(data.all)) : undefined;
  const wanted: readonly Pick<Candidate, "model" | "options">[] =
    choice?.candidates ?? models?.map(({ model, options = {} }) => ({ model, options })) ?? [];
  const specs = wanted.map(({ model, options }) => specOf(model, options));
  const labels = modelLabels(specs);
  const tried: Tried[] = [];
  const attempts: Attempt[] = [];
  const started = performance.now();
  const portion = 0.7 / (specs.length + 1);
  if (judged >= FEWEST_JUDGED)
    for (const [i, spec] of specs.entries()) {
      const begin = performance.now();
      const seconds = () => (performance.now() - begin) / 1000;
      const entry = { label: labels[i], model: spec.name, options: spec.options };
      const cost = choice?.candidates[i].seconds ?? 0;
      if (attempts.length > 1 && (begin - started) / 1000 + cost > BUDGET) {
        tried.push({ ...entry, seconds: 0, figures: undefined, error: "not tried: there was no time left" });
        continue;
      }
      try {
        const judgement = await fitAndJudge(spec, labels[i], data, tools, [i * portion, portion]);
        attempts.push({ label: labels[i], spec, judgement, floor: choice !== undefined && isFloor(spec) });
        tried.push({ ...entry, seconds: seconds(), figures: judgement.figures, error: undefined });
      } catch (error) {
        if (tools.signal.aborted || !(error instanceof RecoError)) throw error;
        tried.push({ ...entry, seconds: seconds(), figures: undefined, error: error.message });
      }
    }
  const unjudged = `Only ${judged} users did something new in the newest events, too few to compare models on.`;
  if (attempts.length === 0 && judged >= FEWEST_JUDGED)
    throw new RecoError("bad-option", `No model could be fitted. ${tried.map(({ label, error }) => `${label}: ${error}`).join(" ")}`);
  const same = nearestAttempt(attempts, current);
  const incumbent =
    current === undefined || (order.fixed && same === undefined) ? undefined : await judgeCurrent(current, same, data, tools);
  const decision =
    attempts.length === 0
      ? {
          winner: { spec: specs.find(({ name }) => name === current?.model) ?? specs[0], judgement: undefined },
          promote: true,
          reason: unjudged,
        }
      : decide(attempts, same?.floor ? undefined : same, incumbent);
  const { spec } = decision.winner;
  const figures = { ...decision.winner.judgement?.figures, "cold-items": data.withheld.coldShare };
  const result = {
    slot: order.slot,
    model: spec.name,
    options: spec.options,
    figures: decision.winner.judgement === undefined ? {} : figures,
    figuresBefore: incumbent?.judgement.figures,
    reason: choice?.candidates.length === 1 ? choice.reason : decision.reason,
    events: data.events,
    seenUntil: data.newest,
    tried,
  };
  if (!decision.promote) return { ...result, fitted: undefined, fitSeconds: 0 };
  const begin = performance.now();
  const fitted = await spec.fit(data.all, {
    ...{ backend: tools.backend, signal: tools.signal, seed: data.seed },
    onProgress: (progress) => tools.report(0.7 + 0.3 * share(progress), `fitting ${spec.name} on everything`),
  });
  const fitSeconds = (performance.now() - begin) / 1000;
  return { ...result, fitted: await write(fitted, order.path), fitSeconds };
}

/**
 * Takes in the events since the last fit: by the model's own update where it has one, else by a fit with the options it has. Its figures
 * stay those of the fit that chose it, for it has seen every event there is to judge it on. It is held against the model in service all the
 * same: to do worse on events that only the new one has seen would show that something is wrong.
 */
async function updateSlot(order: SlotOrder, data: FitData, tools: FitTools): Promise<SlotOutcome> {
  const { current } = order;
  if (current === undefined) throw new RecoError("bad-input", `Nothing serves ${order.slot}, so there is nothing to update.`);
  const serving = current.path === undefined ? undefined : await loadModel(current.path, { backend: tools.backend }).catch(() => undefined);
  const begin = performance.now();
  const options = {
    ...{ backend: tools.backend, signal: tools.signal, seed: data.seed },
    onProgress: (progress: Progress) => tools.report(0.8 * share(progress), `updating ${current.model}`),
  };
  // A model that counts every event it is shown cannot be updated without the events of before, but is fitted as fast.
  const updates = serving?.update !== undefined && !serving.definition.ignoresHistory;
  const updated = updates ? await serving.update(data.all, options) : await specOf(current.model, current.options).fit(data.all, options);
  const fitSeconds = (performance.now() - begin) / 1000;
  const pause = () => step({ task: "", done: 0, total: 0 }, undefined, tools.signal);
  const judged = data.withheld.relevant.rows >= FEWEST_JUDGED && serving !== undefined;
  const decision = judged
    ? decide([{ label: `the updated ${current.model}`, judgement: await judge(updated, data.withheld, pause) }], undefined, {
        label: current.model,
        judgement: await judge(serving, data.withheld, pause),
      })
    : undefined;
  const promote = decision?.promote ?? true;
  const how = updates ? "Updated with the events since" : "Fitted again, with the events since";
  return {
    slot: order.slot,
    fitted: promote ? await write(updated, order.path) : undefined,
    model: current.model,
    options: current.options,
    figures: current.figures,
    figuresBefore: undefined,
    reason: promote ? `${how}; figures are those of the fit that chose it.` : (decision?.reason ?? ""),
    fitSeconds,
    events: data.events,
    seenUntil: data.newest,
    tried: [],
  };
}

async function fitAndJudge(
  spec: ModelSpec,
  label: string,
  data: FitData,
  { backend, signal, report }: FitTools,
  [from, width]: readonly [from: number, width: number],
): Promise<Judgement> {
  report(from, `trying ${label}`);
  const onProgress = (progress: Progress) => report(from + width * 0.8 * share(progress), `trying ${label}`);
  const model = await spec.fit(data.before, { backend, signal, seed: data.seed, onProgress });
  return await judge(model, data.withheld, () => step({ task: "", done: 0, total: 0 }, undefined, signal));
}

/**
 * The model in service on the withheld events: itself, where it has seen none of them; else its kind, fitted on the same events as the
 * candidates, since a model does well on what it was fitted on.
 */
async function judgeCurrent(current: CurrentModel, same: Attempt | undefined, data: FitData, tools: FitTools) {
  if (data.withheld.relevant.rows < FEWEST_JUDGED) return undefined;
  const pause = () => step({ task: "", done: 0, total: 0 }, undefined, tools.signal);
  if (current.seenUntil < data.cut && current.path !== undefined) {
    const serving = await loadModel(current.path, { backend: tools.backend }).catch(() => undefined);
    if (serving !== undefined) return { label: current.model, judgement: await judge(serving, data.withheld, pause) };
  }
  if (same !== undefined) return { label: `${current.model} (fitted on the same events)`, judgement: same.judgement };
  try {
    const spec = specOf(current.model, current.options);
    const judgement = await fitAndJudge(spec, `${current.model}, which is in service`, data, tools, [0.6, 0.1]);
    return { label: `${current.model} (fitted on the same events)`, judgement };
  } catch (error) {
    if (tools.signal.aborted || !(error instanceof RecoError)) throw error;
    return undefined;
  }
}

/** The candidate of the same model as the one in service; of several, the one with most options alike. */
function nearestAttempt(attempts: readonly Attempt[], current: CurrentModel | undefined): Attempt | undefined {
  const alike = ({ spec }: Attempt) =>
    Object.entries(spec.options).reduce((sum, [name, value]) => sum + (current?.options[name] === value ? 1 : 0), 0);
  return attempts.filter(({ spec }) => spec.name === current?.model).sort((a, b) => alike(b) - alike(a))[0];
}

function isFloor({ name }: ModelSpec): boolean {
  return registry[name].definition.ignoresHistory === true;
}

/** @throws RecoError `unknown-model`, `bad-option` */
function specOf(model: string, options: Readonly<Record<string, unknown>>): ModelSpec {
  if (!Object.hasOwn(registry, model)) throw new RecoError("unknown-model", `No model is called ${JSON.stringify(model)}.`);
  return registry[model](options);
}

async function write(model: Model, path: string): Promise<SlotOutcome["fitted"]> {
  await model.save(path, { histories: false });
  return { path, packed: packModel(model) };
}

function weighted(events: EventColumns, weights: EventWeights, { users, items }: FitOrder): WeightedEvents {
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

function share({ done, total }: Progress): number {
  return total > 0 ? Math.min(1, done / total) : 0;
}
