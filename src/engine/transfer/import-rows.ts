import type { PropertyType } from "../../data/entities.ts";
import { readText } from "../../data/readers/text-file.ts";
import type { TimeForm } from "../../data/time-reader.ts";
import { RecoError } from "../../util/errors.ts";
import type { Job } from "../jobs/job.ts";
import type { Jobs } from "../jobs/jobs.ts";
import { type ImportCounts, Importer, type RowFormat, type RowKind, type RowWriter } from "./importer.ts";
import { readParquet } from "./parquet.ts";
import { readJsonLines, readTable } from "./read-rows.ts";

/** A file to import. */
export interface ImportFile extends TimeForm {
  readonly kind: RowKind;
  readonly format: RowFormat;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The encoding of text, by its name in the WHATWG standard. By default it is detected. */
  readonly encoding?: string | undefined;
  /** Total bytes, if known. */
  readonly length?: number | undefined;
  /** Whether the times of events are numbers that only tell their order. Default false. */
  readonly ordered?: boolean | undefined;
}

/** The progress of an import. */
export interface ImportProgress extends ImportCounts {
  readonly state: Job["state"];
  /** Bytes read. */
  readonly bytes: number;
  /** What the text was read as, unless that is UTF-8. */
  readonly encoding?: string | undefined;
  /** The shop system whose product export it is, if that was recognized. */
  readonly layout?: string | undefined;
}

/** A running import. */
export interface ImportRun {
  /** Id of the job. */
  readonly job: string;
  progress(): ImportProgress;
  /** The error if it failed, otherwise undefined. Never rejects. */
  readonly ended: Promise<unknown>;
}

/** Reads a file and writes its rows, as a job. Resolves when the job is recorded, before the first row is read. */
export async function importRows(
  { kind, format, bytes, encoding, length, timeFormat, timeZone }: ImportFile,
  { jobs, writer, types }: { readonly jobs: Jobs; readonly writer: RowWriter; readonly types: Readonly<Record<string, PropertyType>> },
): Promise<ImportRun> {
  let state: Job["state"] = "running";
  let read = 0;
  let importer: Importer | undefined;
  let failure: unknown;
  let readAs: string | undefined;
  let layout: string | undefined;
  const { job, finished } = await jobs.run({ kind: "import", trigger: "manual" }, async ({ signal, report }) => {
    importer = new Importer(writer, signal);
    const { counts } = importer;
    const counted = untilAborted(bytes, signal, (chunk) => {
      read += chunk.length;
      const share = length === undefined ? undefined : Math.min(1, read / length);
      report(share, `importing ${kind}, ${counts.written.toLocaleString("en")} written`);
    });
    report(length === undefined ? undefined : 0, `importing ${kind}`);
    try {
      if (format === "parquet") await readParquet(kind, counted, importer);
      else {
        const text = await readText(counted, "The body", encoding);
        readAs = text.encoding?.name;
        if (format === "jsonl") await readJsonLines(kind, text.blocks, importer);
        else
          await readTable(kind, text.blocks, importer, {
            delimiter: format === "csv" ? "," : "\t",
            types,
            timesAsText: timeFormat !== undefined || timeZone !== undefined,
            onLayout: ({ name }) => {
              layout = name;
            },
          });
      }
      await importer.flush(true);
      return counts;
    } catch (error) {
      failure = error;
      throw error;
    }
  });
  const nothing: ImportCounts = { rows: 0, written: 0, duplicates: 0, bad: 0, badRows: [], warnings: [] };
  const ended = finished.then((last) => {
    state = last.state;
    return last.state === "done" ? undefined : (failure ?? new Error(last.error));
  });
  return { job: job.id, progress: () => ({ state, bytes: read, encoding: readAs, layout, ...(importer?.counts ?? nothing) }), ended };
}

/** Yields chunks until the signal fires, even while waiting for the next one. @throws RecoError `aborted` */
async function* untilAborted(
  bytes: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  seen: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  const chunks = bytes[Symbol.asyncIterator]();
  let stop: (error: Error) => void = () => {};
  const onAbort = () => stop(new RecoError("aborted", "The import was canceled."));
  signal.addEventListener("abort", onAbort);
  try {
    for (;;) {
      const { done, value } = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        stop = reject;
        if (signal.aborted) onAbort();
        else chunks.next().then(resolve, reject);
      });
      if (done) return;
      seen(value);
      yield value;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    // Don't wait: a silent sender would block this.
    void chunks.return?.().catch(() => {});
  }
}
