import { loadModel } from "../../models/load-model.ts";
import { RecoError } from "../../util/errors.ts";
import { FEWEST_JUDGED, type FitData, type FitTools, fitOf, fitOn, handOut, pauseOf, shareOf } from "./fit-data.ts";
import type { SlotOrder, SlotOutcome } from "./fit-order.ts";
import { judge } from "./judge.ts";
import { decide } from "./promotion.ts";

/**
 * Adds the events since the last fit: with the model's own update if it has one, otherwise with a fit using the same options. The metrics
 * stay those of the fit that chose the model, because the updated one has seen every event it could be evaluated on. It is still compared
 * with the live model: doing worse on events that only the new one has seen would show that something is wrong.
 */
export async function updateSlot(order: SlotOrder, data: FitData, tools: FitTools): Promise<SlotOutcome> {
  const { current, slot } = order;
  if (current === undefined) throw new RecoError("bad-input", `The slot ${slot} has no live model to update.`);
  const { backend, signal, report } = tools;
  const { model, options, newest, metrics } = current;
  const path = tools.files.get(slot);
  const serving =
    path === undefined ? undefined : await loadModel(path, { backend, models: Object.values(tools.models) }).catch(() => undefined);
  const fit = fitOf(tools, model, options, newest);
  const begin = performance.now();
  const told = (share: number) => report(0.8 * share, `updating ${model}`);
  // A model that counts every event can't be updated without the earlier events, but is just as fast to fit.
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
  const how = updates ? "Updated with the new events" : "Fitted again with the new events";
  return {
    ...{ slot, model, options, newest, metrics, fitSeconds, events: data.events, seenUntil: data.until, tried: [] },
    fitted: promote ? await handOut(updated, data.all(fit), tools) : undefined,
    metricsBefore: undefined,
    reason: promote ? `${how}; metrics are from the fit that chose it.` : (decision?.reason ?? ""),
  };
}
