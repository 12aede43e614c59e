import { loadModel } from "../../models/load-model.ts";
import { RecoError } from "../../util/errors.ts";
import { FEWEST_JUDGED, type FitData, type FitTools, fitOf, fitOn, handOut, pauseOf, shareOf } from "./fit-data.ts";
import type { SlotOrder, SlotOutcome } from "./fit-order.ts";
import { judge } from "./judge.ts";
import { decide } from "./promotion.ts";

/**
 * Takes in the events since the last fit: by the model's own update where it has one, else by a fit with the options it has. Its metrics
 * stay those of the fit that chose it, for it has seen every event there is to judge it on. It is held against the model in service all the
 * same: to do worse on events that only the new one has seen would show that something is wrong.
 */
export async function updateSlot(order: SlotOrder, data: FitData, tools: FitTools): Promise<SlotOutcome> {
  const { current, slot } = order;
  if (current === undefined) throw new RecoError("bad-input", `Nothing serves ${slot}, so there is nothing to update.`);
  const { backend, signal, report } = tools;
  const { model, options, newest, metrics } = current;
  const path = tools.files.get(slot);
  const serving =
    path === undefined ? undefined : await loadModel(path, { backend, models: Object.values(tools.models) }).catch(() => undefined);
  const fit = fitOf(tools, model, options, newest);
  const begin = performance.now();
  const told = (share: number) => report(0.8 * share, `updating ${model}`);
  // A model that counts every event it is shown cannot be updated without the events of before, but is fitted as fast.
  const updates = serving?.update !== undefined && !serving.definition.ignoresHistory && newest === undefined;
  const updated = updates
    ? await serving.update(data.all(fit), { backend, signal, seed: data.seed, onProgress: (progress) => told(shareOf(progress)) })
    : await fitOn(data.all(fit), fit, data.seed, tools, told);
  const fitSeconds = (performance.now() - begin) / 1000;
  const decision =
    serving !== undefined && data.withheld.relevant.rows >= FEWEST_JUDGED
      ? decide([{ label: `the updated ${model}`, judgement: await judge(updated, data.withheld, pauseOf(tools)) }], undefined, {
          label: model,
          judgement: await judge(serving, data.withheld, pauseOf(tools)),
        })
      : undefined;
  const promote = decision?.promote ?? true;
  const how = updates ? "Updated with the events since" : "Fitted again, with the events since";
  return {
    ...{ slot, model, options, newest, metrics, fitSeconds, events: data.events, seenUntil: data.until, tried: [] },
    fitted: promote ? await handOut(updated, data.all(fit), tools) : undefined,
    metricsBefore: undefined,
    reason: promote ? `${how}; metrics are those of the fit that chose it.` : (decision?.reason ?? ""),
  };
}
