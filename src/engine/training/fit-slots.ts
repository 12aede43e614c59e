import type { EventColumns } from "../../data/event-columns.ts";
import { type FitTools, fitData } from "./fit-data.ts";
import type { FitFeatures } from "./fit-features.ts";
import type { FitOrder, SlotOutcome } from "./fit-order.ts";
import { trainSlot } from "./train-slot.ts";
import { updateSlot } from "./update-slot.ts";

/**
 * Fits what an order asks for, slot by slot. Yields each outcome as soon as it is ready.
 *
 * @throws RecoError `empty-data`, `unknown-model`, `bad-option`, `aborted`
 */
export async function* fitSlots(
  order: FitOrder,
  columns: EventColumns,
  tools: FitTools,
  features?: FitFeatures,
): AsyncGenerator<SlotOutcome> {
  const data = fitData(order, columns, features);
  const { slots } = order;
  for (const [i, slot] of slots.entries()) {
    const report = (progress: number, task: string) =>
      tools.report((i + progress) / slots.length, slots.length > 1 ? `${slot.slot}: ${task}` : task);
    const work = order.mode === "update" ? updateSlot : trainSlot;
    yield await work(slot, data, { ...tools, report });
  }
}
