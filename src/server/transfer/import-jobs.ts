import { randomUUID } from "node:crypto";
import type { Job } from "../../engine/engine.ts";
import { RecoError } from "../../util/errors.ts";
import { problemOf } from "../problem.ts";
import { type ImportCounts, Importer, type ImportTarget } from "./importer.ts";
import type { Kind } from "./targets.ts";

/** How far an import is: what its response says line by line. */
export interface ImportProgress extends Omit<ImportCounts, "badRows"> {
  readonly job: string;
  readonly state: Job["state"];
  readonly bytes: number;
  /** On the last line: the first bad rows, and why it failed if it did. */
  readonly badRows?: ImportCounts["badRows"];
  readonly error?: string;
}

const KEPT = 20;

/** One import under way or ended. */
export class ImportJob {
  readonly id = `import-${randomUUID()}`;
  readonly created = Date.now();
  private bytes = 0;
  private readonly controller = new AbortController();
  private readonly importer: Importer;
  private readonly task: string;
  private readonly total: number | undefined;
  private ended: { readonly state: Job["state"]; readonly time: number; readonly error: string | undefined } | undefined;

  /** @param total bytes that will come, where that is known */
  constructor(kind: Kind, target: ImportTarget, total: number | undefined) {
    this.importer = new Importer(target, this.controller.signal);
    this.task = `importing ${kind}`;
    this.total = total;
  }

  /** Reads a body to its end and writes its rows. @returns what it failed of; undefined where it did not */
  async run(
    body: AsyncIterable<Uint8Array>,
    read: (bytes: AsyncIterable<Uint8Array>, importer: Importer) => Promise<void>,
  ): Promise<unknown> {
    try {
      await read(this.counted(body), this.importer);
      await this.importer.flush(true);
      this.end("done");
      return undefined;
    } catch (error) {
      const cancelled = this.controller.signal.aborted && error instanceof RecoError && error.code === "aborted";
      if (cancelled) this.end("cancelled");
      else this.end("failed", problemOf(error).detail);
      return error;
    }
  }

  get written(): number {
    return this.importer.counts.written;
  }

  /** Stops it before its next batch. False where it has ended. */
  cancel(): boolean {
    if (this.ended !== undefined) return false;
    this.controller.abort();
    return true;
  }

  progress(): ImportProgress {
    const { badRows, ...counts } = this.importer.counts;
    const { ended } = this;
    const last = ended === undefined ? {} : { badRows, ...(ended.error === undefined ? {} : { error: ended.error }) };
    return { job: this.id, state: ended?.state ?? "running", bytes: this.bytes, ...counts, ...last };
  }

  job(): Job {
    const { ended } = this;
    return {
      id: this.id,
      kind: "import",
      state: ended?.state ?? "running",
      trigger: "manual",
      created: this.created,
      started: this.created,
      finished: ended?.time,
      progress: ended?.state === "done" ? 1 : this.total === undefined ? undefined : Math.min(1, this.bytes / this.total),
      task: ended === undefined ? this.task : "",
      error: ended?.error,
      result: ended === undefined ? undefined : this.importer.counts,
    };
  }

  private end(state: Job["state"], error?: string): void {
    this.ended = { state, time: Date.now(), error };
  }

  private async *counted(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      this.bytes += chunk.length;
      yield chunk;
    }
  }
}

/** The imports of all projects, while the server runs: the newest 20 of each are remembered. */
export class ImportJobs {
  private readonly byProject = new Map<string, ImportJob[]>();

  add(project: string, job: ImportJob): void {
    const jobs = this.byProject.get(project) ?? [];
    this.byProject.set(project, [job, ...jobs].slice(0, KEPT));
  }

  /** Newest first. */
  jobs(project: string): Job[] {
    return (this.byProject.get(project) ?? []).map((job) => job.job());
  }

  /** False where no such import of this project runs. */
  cancel(project: string, id: string): boolean {
    return (
      this.byProject
        .get(project)
        ?.find((job) => job.id === id)
        ?.cancel() ?? false
    );
  }
}
