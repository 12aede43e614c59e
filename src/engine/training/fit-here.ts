import { allocateEvents, copyEvents, type EventColumns } from "../../data/event-columns.ts";
import { createBackend } from "../../kernel/backend.ts";
import { readSegment } from "../../store/segment.ts";
import { throwIfAborted } from "../../util/progress.ts";
import { fetchCurrent } from "./fetch-current.ts";
import type { FitInput, SlotOutcome } from "./fit-order.ts";
import { fitSlots } from "./fit-slots.ts";
import { loadModelTable } from "./model-table.ts";
import { makeScratchFolder, removeScratchFolder } from "./scratch-folder.ts";

/** Between two reports of progress, in milliseconds: it is for people. */
const REPORT_EVERY = 100;

/** Where a fit reads and writes model files. */
export interface FitFiles {
  readonly folder: string;
  /** The files of models in service, by slot; those missing could not be had. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Runs a fit in this thread: what a {@link FitRunner} calls at its far end, in a process or on a machine made for it. The file of an outcome
 * is there until the next one is asked for.
 *
 * @throws RecoError `empty-data`, `unknown-model`, `bad-option`, `bad-config` (a module of models can't be loaded), `aborted`
 */
export async function* fitHere(input: FitInput): AsyncGenerator<SlotOutcome> {
  const { segments, signal } = input;
  const folder = await makeScratchFolder();
  try {
    const files = await fetchCurrent(input, folder);
    const log = new EventLog();
    for await (const bytes of segments) {
      throwIfAborted(signal);
      log.add(bytes);
    }
    yield* fitLog(input, log, { folder, files });
  } finally {
    await removeScratchFolder(folder);
  }
}

/** Fits what an order asks for on a log that is here. */
export async function* fitLog(
  { order, features, signal, report }: Pick<FitInput, "order" | "features" | "signal" | "report">,
  log: EventLog,
  files: FitFiles,
): AsyncGenerator<SlotOutcome> {
  const models = await loadModelTable(order.modules);
  const backend = createBackend({ threads: order.threads });
  try {
    let told = Number.NEGATIVE_INFINITY;
    const seldom = (progress: number, task: string) => {
      if (performance.now() - told < REPORT_EVERY) return;
      told = performance.now();
      report(progress, task);
    };
    yield* fitSlots(order, log.take(), { backend, signal, report: seldom, models, ...files }, features);
  } finally {
    backend.close();
  }
}

/** The segments of an event log as they come, then as one. */
export class EventLog {
  readonly #parts: EventColumns[] = [];

  add(segment: Uint8Array): void {
    // Columns lie at multiples of their widths; bytes that were cut out of a stream may not.
    const aligned = segment.byteOffset % 8 === 0 ? segment : new Uint8Array(segment);
    const { length, user, item, type, value, time } = readSegment(aligned);
    this.#parts.push({ length, user, item, type, value, time });
  }

  /** All segments as one, each let go of as it is taken over. */
  take(): EventColumns {
    const parts = this.#parts;
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const all = allocateEvents(length);
    let at = 0;
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      copyEvents(part, all, at);
      at += part.length;
    }
    return all;
  }
}
