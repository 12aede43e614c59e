import { randomUUID } from "node:crypto";
import type { Documents } from "../../store/store.ts";
import { RecoError } from "../../util/errors.ts";
import { throwIfAborted } from "../../util/progress.ts";
import type { Job } from "../engine.ts";

/** What the work of a job is given. */
export interface JobContext {
  readonly id: string;
  /** Fires when the job is cancelled. */
  readonly signal: AbortSignal;
  /** Says how far it is, in [0, 1] (undefined while unknown), and what it is doing. Kept in memory alone, so call it as often as you like. */
  report(progress: number | undefined, task: string): void;
}

/** Lets few jobs run at a time. Resolves, when it is a job's turn, to the function that ends the turn. */
export type Turn = (signal: AbortSignal) => Promise<() => void>;

export interface JobRequest {
  /** Takes over a job that was asked for by {@link Jobs.request}. */
  readonly id?: string;
  readonly kind: Job["kind"];
  /** What started it: `manual`, `schedule`, … */
  readonly trigger: string;
  /** The job waits for it first; without one it runs at once. */
  readonly turn?: Turn;
}

/** A job as it is kept. */
type JobRecord = Omit<Job, "progress" | "task"> & {
  /** The process whose job it is; what another one left unfinished has died with it. Absent while nobody has taken it. */
  readonly owner: string | undefined;
  /** Another process wants it to stop. */
  readonly stop?: true;
};

interface Running {
  readonly controller: AbortController;
  readonly finished: Promise<Job>;
  progress: number | undefined;
  task: string;
}

const KIND = "job";
const KEPT = 100;
/** JSON leaves out what is undefined; a job has all its fields. */
const BLANK = { started: undefined, finished: undefined, error: undefined, result: undefined };

/**
 * The background jobs of one project: what runs, how far it is, and what became of the newest 100. Kept as documents of the store at their
 * start and end, so that a job whose process died shows as failed afterwards.
 */
export class Jobs {
  private readonly documents: Documents;
  private readonly owner = randomUUID();
  private count = 0;
  private readonly running = new Map<string, Running>();
  /** How jobs ended where the disk refused to take it: known until the process ends. */
  private readonly unsaved = new Map<string, JobRecord>();

  constructor(documents: Documents) {
    this.documents = documents;
    documents.onChange(KIND, (id, body) => {
      if ((body as JobRecord | undefined)?.stop) this.running.get(id)?.controller.abort();
    });
  }

  /** Newest first. */
  list(): Job[] {
    return this.records()
      .map((record) => this.shown(record))
      .sort((a, b) => b.created - a.created || (a.id < b.id ? 1 : -1));
  }

  get(id: string): Job | undefined {
    const record = this.unsaved.get(id) ?? (this.documents.get(KIND, id) as JobRecord | undefined);
    return record === undefined ? undefined : this.shown(record);
  }

  /**
   * Puts a job on record and starts its work. What the work returns becomes the result, what it throws the error.
   *
   * @returns the job as it stands on disk, and a promise of how it ended, which never rejects
   */
  async run(request: JobRequest, work: (context: JobContext) => Promise<unknown>): Promise<{ job: Job; finished: Promise<Job> }> {
    const { turn } = request;
    const { id, created, ...rest } = this.blank(request);
    const record: JobRecord = { ...rest, id, created, state: turn ? "waiting" : "running", owner: this.owner };
    await this.put(turn ? record : { ...record, started: Date.now() });
    const controller = new AbortController();
    const task = turn ? "waits for its turn" : "";
    const finished = Promise.resolve().then(() =>
      this.toItsEnd(turn ? record : { ...record, started: Date.now() }, turn, controller, work),
    );
    this.running.set(id, { controller, finished, progress: turn ? undefined : 0, task });
    void this.forget();
    return { job: this.get(id) ?? this.shown(record), finished };
  }

  /** Puts a job on record that another process is to run: the one that does background work. */
  async request(request: Pick<JobRequest, "kind" | "trigger">): Promise<Job> {
    const record = this.blank(request);
    await this.put(record);
    return this.shown(record);
  }

  /** Jobs that wait for a process to take them. */
  requested(): Job[] {
    return this.records()
      .filter((record) => isOpen(record) && record.owner === undefined)
      .map((record) => this.shown(record));
  }

  /** Called when another process asks for a job. */
  onRequest(listener: () => void): void {
    this.documents.onChange(KIND, () => {
      if (this.requested().length > 0) listener();
    });
  }

  /** Asks a job to stop, whichever process runs it. False where no such job waits or runs. */
  async cancel(id: string): Promise<boolean> {
    const running = this.running.get(id);
    running?.controller.abort();
    if (running !== undefined) return true;
    const record = this.documents.get(KIND, id) as JobRecord | undefined;
    if (record === undefined || !isOpen(record)) return false;
    if (record.owner === undefined) await this.put({ ...record, state: "cancelled", finished: Date.now() });
    else await this.put({ ...record, stop: true });
    return true;
  }

  /** Marks what other processes left unfinished as failed. For the one process that does background work, when it begins. */
  async failOrphans(): Promise<void> {
    for (const record of this.records())
      if (isOpen(record) && record.owner !== undefined && record.owner !== this.owner)
        await this.put({ ...record, state: "failed", finished: Date.now(), error: "The server stopped while it ran." });
  }

  /** Cancels everything and waits for it. */
  async close(): Promise<void> {
    for (const { controller } of this.running.values()) controller.abort();
    await Promise.all([...this.running.values()].map((running) => running.finished));
  }

  private async toItsEnd(
    start: JobRecord,
    turn: Turn | undefined,
    controller: AbortController,
    work: (context: JobContext) => Promise<unknown>,
  ): Promise<Job> {
    let record = start;
    let leave: (() => void) | undefined;
    try {
      if (turn !== undefined) {
        leave = await turn(controller.signal);
        record = { ...record, state: "running", started: Date.now() };
        await this.put(record);
      }
      throwIfAborted(controller.signal);
      this.report(record.id, 0, "");
      const result = await work({
        id: record.id,
        signal: controller.signal,
        report: (progress, task) => this.report(record.id, progress, task),
      });
      record = { ...record, state: "done", finished: Date.now(), result };
    } catch (error) {
      const cancelled = controller.signal.aborted && error instanceof RecoError && error.code === "aborted";
      const message = error instanceof Error ? error.message : String(error);
      record = { ...record, state: cancelled ? "cancelled" : "failed", finished: Date.now(), error: cancelled ? undefined : message };
    } finally {
      leave?.();
    }
    await this.put(record).catch(() => this.unsaved.set(record.id, record));
    const job = this.shown(record);
    this.running.delete(record.id);
    return { ...job, progress: record.state === "done" ? 1 : job.progress };
  }

  private blank({ id, kind, trigger }: JobRequest): JobRecord {
    const asked = id === undefined ? undefined : (this.documents.get(KIND, id) as JobRecord | undefined);
    if (asked !== undefined) return asked;
    const created = Date.now();
    // Ids in order of time, so that documents are in it too.
    const order = `${created.toString(36).padStart(9, "0")}${(this.count++ % 1e6).toString().padStart(6, "0")}`;
    return { id: `${order}-${randomUUID().slice(0, 8)}`, kind, state: "waiting", trigger, created, ...BLANK, owner: undefined };
  }

  private report(id: string, progress: number | undefined, task: string): void {
    const running = this.running.get(id);
    if (running !== undefined) Object.assign(running, { progress, task });
  }

  private shown({ owner: _, stop: __, ...record }: JobRecord): Job {
    const running = this.running.get(record.id);
    return {
      ...BLANK,
      ...record,
      progress: record.state === "done" ? 1 : running?.progress,
      task: isOpen(record) ? (running?.task ?? "") : "",
    };
  }

  private records(): JobRecord[] {
    return this.documents.list(KIND).map(({ key, body }) => this.unsaved.get(key) ?? (body as JobRecord));
  }

  private async put(record: JobRecord): Promise<void> {
    await this.documents.put(KIND, record.id, record);
  }

  /** Deletes the oldest beyond those kept. */
  private async forget(): Promise<void> {
    const ended = this.records().filter((record) => !isOpen(record));
    const tooMany = this.records().length - KEPT;
    for (const { id } of ended.slice(0, Math.max(0, tooMany))) await this.documents.delete(KIND, id).catch(() => false);
  }
}

function isOpen({ state }: Pick<JobRecord, "state">): boolean {
  return state === "waiting" || state === "running";
}
