import { timeReader } from "../../data/time-reader.ts";
import type { ProjectStore } from "../../store/store.ts";
import type { ProjectConfig } from "../config/config.ts";
import type { ProjectEngine } from "../engine.ts";
import type { Jobs } from "../jobs/jobs.ts";
import { ORDERS } from "./event-clock.ts";
import { exportRows } from "./export-job.ts";
import { importRows } from "./import-rows.ts";
import { type RowVerbs, rowWriter } from "./row-writer.ts";

/** Imports and exports of a project. */
export function transferVerbs({
  store,
  jobs,
  config,
  project,
}: {
  readonly store: ProjectStore;
  readonly jobs: Jobs;
  /** Its declared property types are used to parse table cells. */
  readonly config: Pick<ProjectConfig, "items" | "users">;
  readonly project: RowVerbs;
}): Pick<ProjectEngine, "importRows" | "exportRows"> {
  return {
    importRows(file) {
      const types = file.kind === "items" ? { ...store.catalog.schema, ...config.items } : (config.users ?? {});
      return importRows(file, {
        jobs,
        writer: rowWriter(file.kind, project, { orders: file.ordered ? ORDERS : undefined, readTime: timeReader(file) }),
        types,
      });
    },
    exportRows: (kind, format) => exportRows(kind, format, { jobs, store }),
  };
}
