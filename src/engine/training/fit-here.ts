import { allocateEvents, copyEvents, type EventColumns } from "../../data/event-columns.ts";
import { createBackend } from "../../kernel/backend.ts";
import { readSegment } from "../../store/segment.ts";
import { throwIfAborted } from "../../util/progress.ts";
import { fetchCurrent } from "./fetch-current.ts";
import type { FitInput, SlotOutcome } from "./fit-order.ts";
import { fitSlots } from "./fit-slots.ts";
import { loadModelTable } from "./model-table.ts";
import { makeScratchFolder, removeScratchFolder } from "./scratch-folder.ts";

/** Milliseconds between progress reports. */
const REPORT_EVERY = 100;

/** Where a fit reads and writes model files. */
export interface FitFiles {
  readonly folder: string;
  /** The files of the live models, by slot, without those that could not be read. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Runs a fit in this thread: the other end of a {@link FitRunner}, in another process or on another machine. The file of an outcome exists
 * until the next outcome is requested.
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

/** Fits what an order asks for on a log in memory. */
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

/** Collects the segments of an event log and joins them. */
export class EventLog {
  readonly #parts: EventColumns[] = [];

  add(segment: Uint8Array): void {
    // Columns must be aligned to their width; bytes sliced from a stream may not be.
    const aligned = segment.byteOffset % 8 === 0 ? segment : new Uint8Array(segment);
    const { length, user, item, type, value, time } = readSegment(aligned);
    this.#parts.push({ length, user, item, type, value, time });
  }

  /** Joins all segments, releasing each one as it is copied. */
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
