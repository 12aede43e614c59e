import { modelLabels } from "../../evaluate/model-labels.ts";
import { shapeOf } from "../../model/shape.ts";
import { loadModel } from "../../models/load-model.ts";
import { RecoError } from "../../util/errors.ts";
import { type Candidate, type Choice, chooseCandidates } from "./choose-candidates.ts";
import { FEWEST_JUDGED, type Fit, type FitData, type FitTools, fitOf, fitOn, handOut, pauseOf } from "./fit-data.ts";
import type { CurrentModel, SlotOrder, SlotOutcome, Tried } from "./fit-order.ts";
import { type Judgement, judge } from "./judge.ts";
import { modelNamed } from "./model-table.ts";
import { decide, type Judged } from "./promotion.ts";

/** Time limit for comparing candidates, in seconds. The current one is finished. */
const BUDGET = 600;

interface Contender extends Fit {
  readonly label: string;
  /** Estimated time in seconds, if known. */
  readonly cost: number;
  readonly floor: boolean;
}

/** A candidate that was fitted and evaluated. */
type Attempt = Contender & { readonly judgement: Judgement };

/** Compares candidates on the newest events, decides whether the best one goes live, and fits it on all events. */
export async function trainSlot(order: SlotOrder, data: FitData, tools: FitTools): Promise<SlotOutcome> {
  const { current, models, slot } = order;
  const choice = models === undefined ? chooseCandidates({ ...shapeOf(data.all()), has: data.has }, tools.models) : undefined;
  const contenders = contendersOf(
    choice?.candidates ?? models?.map(({ model, options = {} }) => ({ model, options })) ?? [],
    choice,
    tools,
  );
  const { attempts, tried } = await tryAll(contenders, data, tools);
  for (const { model, reason } of choice?.leftOut ?? [])
    tried.push({ label: model, model, options: {}, seconds: 0, metrics: undefined, error: reason });
  const same = nearest(attempts, current);
  const incumbent =
    current === undefined || (order.fixed && same === undefined) ? undefined : await judgeCurrent(slot, current, same, data, tools);
  const decision =
    attempts.length > 0
      ? decide(attempts, same?.floor ? undefined : same, incumbent)
      : {
          winner: contenders.find(({ spec }) => spec.name === current?.model) ?? contenders.find(({ floor }) => floor) ?? contenders[0],
          promote: true,
          reason: `Too few users to compare models: only ${data.withheld.relevant.rows} did something new in the newest events.`,
        };
  const { winner, promote } = decision;
  const { spec, newest } = winner;
  const result = {
    ...{ slot, model: spec.name, options: spec.options, newest, events: data.events, seenUntil: data.until, tried },
    metrics: attempts.find(({ label }) => label === winner.label)?.judgement.metrics ?? {},
    metricsBefore: incumbent?.judgement.metrics,
    reason: choice?.candidates.length === 1 ? choice.reason : decision.reason,
  };
  if (!promote) return { ...result, fitted: undefined, fitSeconds: 0 };
  const begin = performance.now();
  const told = (share: number) => tools.report(0.7 + 0.3 * share, `fitting ${winner.label} on all events`);
  told(0);
  const all = data.all(winner);
  const fitted = await fitOn(all, winner, data.seed, tools, told);
  const fitSeconds = (performance.now() - begin) / 1000;
  return { ...result, fitted: await handOut(fitted, all, tools), fitSeconds };
}

function contendersOf(
  candidates: readonly (Pick<Candidate, "model" | "options" | "newest"> & { seconds?: number })[],
  choice: Choice | undefined,
  tools: FitTools,
) {
  const fits = candidates.map(({ model, options, newest }) => fitOf(tools, model, options, newest));
  // Shown like any other option: whether it uses all events or only the newest.
  const labels = modelLabels(fits.map(({ spec: { name, options }, newest = 1 }) => ({ name, options: { ...options, newest } })));
  return fits.map((fit, i): Contender => {
    const floor = choice !== undefined && modelNamed(tools.models, fit.spec.name).definition.ignoresHistory === true;
    return { ...fit, label: labels[i], cost: candidates[i].seconds ?? 0, floor };
  });
}

/**
 * Fits every candidate on the events before the cut and evaluates it, while there is time. Returns none if there are too few users to
 * evaluate on.
 */
async function tryAll(contenders: readonly Contender[], data: FitData, tools: FitTools): Promise<{ attempts: Attempt[]; tried: Tried[] }> {
  const tried: Tried[] = [];
  const attempts: Attempt[] = [];
  if (data.withheld.relevant.rows < FEWEST_JUDGED) return { attempts, tried };
  const started = performance.now();
  const since = (begin: number) => (performance.now() - begin) / 1000;
  const width = 0.7 / (contenders.length + 1);
  for (const [i, contender] of contenders.entries()) {
    const { label, spec, cost } = contender;
    const begin = performance.now();
    const entry = { label, model: spec.name, options: spec.options };
    if (attempts.length > 1 && since(started) + cost > BUDGET) {
      tried.push({ ...entry, seconds: 0, metrics: undefined, error: "not tried: out of time" });
      continue;
    }
    try {
      const judgement = await fitAndJudge(contender, label, data, tools, [i * width, width]);
      attempts.push({ ...contender, judgement });
      tried.push({ ...entry, seconds: since(begin), metrics: judgement.metrics, error: undefined });
    } catch (error) {
      // One model that fails, whatever it throws, must not cost the project the others.
      if (tools.signal.aborted) throw error;
      tried.push({ ...entry, seconds: since(begin), metrics: undefined, error: error instanceof Error ? error.message : String(error) });
    }
  }
  if (attempts.length === 0)
    throw new RecoError("bad-option", `No model could be fitted. ${tried.map(({ label, error }) => `${label}: ${error}`).join(" ")}`);
  return { attempts, tried };
}

async function fitAndJudge(
  fit: Fit,
  label: string,
  data: FitData,
  tools: FitTools,
  [from, width]: readonly [from: number, width: number],
): Promise<Judgement> {
  const told = (share: number) => tools.report(from + width * 0.8 * share, `trying ${label}`);
  told(0);
  return await judge(await fitOn(data.before(fit), fit, data.seed, tools, told), data.withheld, pauseOf(tools));
}

/**
 * Evaluates the live model on the held-out events: the model itself if it has seen none of them, otherwise a model of its kind fitted on
 * the same events as the candidates, because a model does well on what it was fitted on.
 */
async function judgeCurrent(
  slot: string,
  current: CurrentModel,
  same: Attempt | undefined,
  data: FitData,
  tools: FitTools,
): Promise<Judged | undefined> {
  const { model, options, newest, seenUntil } = current;
  const path = tools.files.get(slot);
  if (data.withheld.relevant.rows < FEWEST_JUDGED) return undefined;
  if (data.judges(seenUntil) && path !== undefined) {
    const serving = await loadModel(path, { backend: tools.backend, models: Object.values(tools.models) }).catch(() => undefined);
    if (serving !== undefined) return { label: model, judgement: await judge(serving, data.withheld, pauseOf(tools)) };
  }
  const label = `${model} (fitted on the same events)`;
  if (same !== undefined) return { label, judgement: same.judgement };
  try {
    const fit = fitOf(tools, model, options, newest);
    return { label, judgement: await fitAndJudge(fit, `${model}, the live model`, data, tools, [0.6, 0.1]) };
  } catch (error) {
    if (tools.signal.aborted) throw error;
    return undefined;
  }
}

/** The attempt with the live model; if there are several, the one with the most options in common. */
function nearest(attempts: readonly Attempt[], current: CurrentModel | undefined): Attempt | undefined {
  const alike = ({ spec, newest }: Attempt) =>
    (newest === current?.newest ? 1 : 0) +
    Object.entries(spec.options).reduce((sum, [name, value]) => sum + (current?.options[name] === value ? 1 : 0), 0);
  return attempts.filter(({ spec }) => spec.name === current?.model).sort((a, b) => alike(b) - alike(a))[0];
}
