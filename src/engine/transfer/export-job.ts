import type { ProjectStore } from "../../store/store.ts";
import { RecoError } from "../../util/errors.ts";
import type { Jobs } from "../jobs/jobs.ts";
import { csvLines, exportOf, jsonLines } from "./export-rows.ts";
import type { RowFormat, RowKind } from "./importer.ts";
import { writeParquet } from "./parquet.ts";

export interface ExportRun {
  /** Id of the job. */
  readonly job: string;
  /** Approximate number of rows. */
  readonly rows: number;
  /** The file, produced as it is read. To end early, call `return`. */
  readonly blocks: AsyncIterableIterator<string | Uint8Array>;
}

/** Exports all rows of a kind, as a job that ends when all blocks are read. */
export async function exportRows(
  kind: RowKind,
  format: Exclude<RowFormat, "tsv">,
  { jobs, store }: { readonly jobs: Jobs; readonly store: ProjectStore },
): Promise<ExportRun> {
  const exported = exportOf(kind, store);
  const blocks: AsyncIterator<string | Uint8Array> =
    format === "jsonl"
      ? jsonLines(exported.nested())
      : format === "csv"
        ? csvLines(exported)
        : writeParquet(jsonLines(exported.flat()), exported.columns);
  let end: (error?: Error) => void = () => {};
  const ended = new Promise<void>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve() : reject(error));
  });
  // The job receives the error.
  ended.catch(() => {});
  let canceled = false;
  const { job } = await jobs.run({ kind: "export", trigger: "manual" }, async ({ signal, report }) => {
    report(undefined, `exporting ${kind}`);
    signal.addEventListener("abort", () => {
      canceled = true;
      end(new RecoError("aborted", "The export was canceled."));
    });
    await ended;
    return { rows: exported.rows };
  });
  const file: AsyncIterableIterator<string | Uint8Array> = {
    async next() {
      if (canceled) {
        await blocks.return?.();
        throw new RecoError("aborted", "The export was canceled.");
      }
      try {
        const block = await blocks.next();
        if (block.done) end();
        return block;
      } catch (error) {
        end(error as Error);
        throw error;
      }
    },
    async return() {
      end(new Error("The client disconnected before the end of the export."));
      await blocks.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => file,
  };
  return { job: job.id, rows: exported.rows, blocks: file };
}
