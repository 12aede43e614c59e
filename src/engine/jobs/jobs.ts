import { randomUUID } from "node:crypto";
import type { Documents } from "../../store/store.ts";
import { RecoError } from "../../util/errors.ts";
import { throwIfAborted } from "../../util/progress.ts";
import { type Job, jobKinds } from "./job.ts";

/** Passed to the work of a job. */
export interface JobContext {
  readonly id: string;
  /** Fires when the job is canceled. */
  readonly signal: AbortSignal;
  /**
   * Reports progress, in [0, 1] (undefined if unknown), and the current task. Written every few seconds, so call it as often as you like.
   */
  report(progress: number | undefined, task: string): void;
}

/** Limits how many jobs run at a time. Resolves when it is a job's turn, to a function that ends the turn. */
export type Turn = (signal: AbortSignal) => Promise<() => void>;

export interface JobRequest {
  /** Takes over a job created by {@link Jobs.request}. */
  readonly id?: string;
  readonly kind: Job["kind"];
  /** What started it: `manual`, `schedule`, … */
  readonly trigger: string;
  /** The job waits for its turn first; without one it runs immediately. */
  readonly turn?: Turn;
}

/** A job as it is stored. */
type JobRecord = Omit<Job, "task"> & {
  readonly task?: string;
  /** The process that runs the job. If that process dies, the job is lost. Undefined until a process takes the job. */
  readonly owner: string | undefined;
  /** Another process has asked it to stop. */
  readonly stop?: true;
};

interface Running {
  readonly controller: AbortController;
  readonly finished: Promise<Job>;
  /** As stored, except for progress and task. */
  record: JobRecord;
  progress: number | undefined;
  task: string;
  /** The last progress written. */
  told: string;
}

export interface JobsOptions {
  /** Whether other processes also run jobs of this project. Default false. */
  readonly shared?: boolean;
  /** Milliseconds between progress writes, which double as heartbeats for other processes; 3,000 by default. */
  readonly beat?: number;
  /** Milliseconds without a heartbeat before another process's job counts as lost; 60,000 by default. */
  readonly silence?: number;
}

const KIND = "job";
/** Jobs kept per kind, the newest. */
const KEPT = 100;
/** JSON omits undefined fields; a job has all of them. */
const BLANK = { started: undefined, finished: undefined, error: undefined, result: undefined };

/**
 * The background jobs of one project: what is running, its progress, and the outcome of the newest 100 of each kind. Jobs are documents in
 * the store, so every process can see and cancel them, and a job whose process died shows as failed.
 */
export class Jobs {
  private readonly documents: Documents;
  private readonly owner = randomUUID();
  private count = 0;
  private readonly running = new Map<string, Running>();
  /** Outcomes that could not be written to disk, kept in memory until the process exits. */
  private readonly unsaved = new Map<string, JobRecord>();
  /** Last heartbeat of each job of other processes, by this process's clock. */
  private readonly heard = new Map<string, number>();
  private readonly shared: boolean;
  private readonly silence: number;
  private readonly timer: NodeJS.Timeout;

  constructor(documents: Documents, { shared = false, beat = 3000, silence = 60_000 }: JobsOptions = {}) {
    this.documents = documents;
    this.shared = shared;
    this.silence = silence;
    documents.onChange(KIND, (id, body) => {
      const record = body as JobRecord | undefined;
      if (record?.stop) this.running.get(id)?.controller.abort();
      if (record !== undefined && isOpen(record) && record.owner !== this.owner) this.heard.set(id, performance.now());
      else this.heard.delete(id);
    });
    this.timer = setInterval(() => this.tellProgress(), beat).unref();
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
   * Records a job and starts its work. The return value becomes the result; a thrown error becomes the job's error.
   *
   * @returns the job as stored, and a promise for the finished job, which never rejects
   */
  async run(request: JobRequest, work: (context: JobContext) => Promise<unknown>): Promise<{ job: Job; finished: Promise<Job> }> {
    const { turn } = request;
    const { id, created, ...rest } = this.blank(request);
    const record: JobRecord = { ...rest, id, created, state: turn ? "waiting" : "running", owner: this.owner };
    await this.put(turn ? record : { ...record, started: Date.now() });
    const controller = new AbortController();
    const task = turn ? "waiting for its turn" : "";
    const start = turn ? record : { ...record, started: Date.now() };
    const finished = Promise.resolve().then(() => this.toItsEnd(start, turn, controller, work));
    this.running.set(id, { controller, finished, record: start, progress: turn ? undefined : 0, task, told: "" });
    void this.forget(record.kind);
    return { job: this.get(id) ?? this.shown(record), finished };
  }

  /** Records a job for another process to run: the one that does background work. */
  async request(request: Pick<JobRequest, "kind" | "trigger">): Promise<Job> {
    const record = this.blank(request);
    await this.put(record);
    return this.shown(record);
  }

  /** Jobs that no process has taken yet. */
  requested(): Job[] {
    return this.records()
      .filter((record) => isOpen(record) && record.owner === undefined)
      .map((record) => this.shown(record));
  }

  /** Calls the listener when another process requests a job. */
  onRequest(listener: () => void): void {
    this.documents.onChange(KIND, () => {
      if (this.requested().length > 0) listener();
    });
  }

  /** Asks a job to stop, whichever process runs it. False if no such job is waiting or running. */
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

  /** Marks jobs as failed whose process died. Called periodically by the process that does background work. */
  async failOrphans(): Promise<void> {
    for (const record of this.records())
      if (isOpen(record) && record.owner !== undefined && record.owner !== this.owner && this.isLost(record))
        await this.put({ ...record, state: "failed", finished: Date.now(), error: jobKinds[record.kind].lost });
  }

  /** Cancels all jobs and waits for them. */
  async close(): Promise<void> {
    clearInterval(this.timer);
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
        const running = this.running.get(record.id);
        if (running !== undefined) running.record = record;
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
    const progress = record.state === "done" ? 1 : this.running.get(record.id)?.progress;
    record = { ...record, progress };
    const { id } = record;
    const written = this.put(record);
    // The final record is being written; no progress write may follow it.
    const running = this.running.get(id);
    if (running !== undefined) running.record = record;
    await written.catch(() => this.unsaved.set(id, record));
    this.running.delete(id);
    return this.shown(record);
  }

  /** Writes progress, for other processes and for anyone who looks after a crash. */
  private tellProgress(): void {
    for (const running of this.running.values()) {
      const { record, progress, task, told } = running;
      // The next write may succeed, and the work itself reports disk errors.
      if (isOpen(record) && (this.shared || told !== `${progress} ${task}`)) {
        running.told = `${progress} ${task}`;
        this.put({ ...record, progress, task }).catch(() => {});
      }
    }
  }

  private isLost({ id, kind }: JobRecord): boolean {
    if (!this.shared || jobKinds[kind].runs === "leader") return true;
    const heard = this.heard.get(id);
    // This process may have missed heartbeats from before it started, so silence counts from now.
    if (heard === undefined) this.heard.set(id, performance.now());
    return heard !== undefined && performance.now() - heard > this.silence;
  }

  private blank({ id: taken, kind, trigger }: JobRequest): JobRecord {
    const asked = taken === undefined ? undefined : (this.documents.get(KIND, taken) as JobRecord | undefined);
    if (asked !== undefined) return asked;
    const created = Date.now();
    // Ids sort by time, so documents do too.
    const order = `${created.toString(36).padStart(9, "0")}${(this.count++ % 1e6).toString().padStart(6, "0")}`;
    const id = `${order}-${randomUUID().slice(0, 8)}`;
    return { id, kind, state: "waiting", trigger, created, ...BLANK, progress: undefined, owner: undefined };
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
      progress: isOpen(record) && running !== undefined ? running.progress : record.progress,
      task: isOpen(record) ? (running?.task ?? record.task ?? "") : "",
    };
  }

  private records(): JobRecord[] {
    return this.documents.list(KIND).map(({ key, body }) => this.unsaved.get(key) ?? (body as JobRecord));
  }

  private async put(record: JobRecord): Promise<void> {
    await this.documents.put(KIND, record.id, record);
  }

  /** Deletes the oldest jobs of a kind beyond the limit. */
  private async forget(kind: Job["kind"]): Promise<void> {
    const all = this.records().filter((record) => record.kind === kind);
    const ended = all.filter((record) => !isOpen(record));
    const tooMany = all.length - KEPT;
    for (const { id } of ended.slice(0, Math.max(0, tooMany))) await this.documents.delete(KIND, id).catch(() => false);
  }
}

function isOpen({ state }: Pick<JobRecord, "state">): boolean {
  return state === "waiting" || state === "running";
}
