/** A kind of background work of a project. */
export interface JobKind {
  /**
   * Which process runs it: the leader of the project's background work, or any. A leader's unfinished job is lost when another process
   * becomes the leader. Other jobs are lost after a while without a heartbeat.
   */
  readonly runs: "leader" | "anywhere";
  /** The error on its record if its process dies: what happened and what to do. */
  readonly lost: string;
}

/** Every kind of job. */
export const jobKinds = {
  train: { runs: "leader", lost: "The server stopped during the fit. The next one starts automatically." },
  update: { runs: "leader", lost: "The server stopped during the fit. The next one starts automatically." },
  import: {
    runs: "anywhere",
    lost: "The server stopped during the import. Run it again: items and users are replaced, and events with an already stored key are skipped. Events without a key are counted again.",
  },
  export: { runs: "anywhere", lost: "The server stopped during the export. Run it again." },
  retention: { runs: "leader", lost: "The server stopped while removing old events. It will try again automatically." },
} as const satisfies Readonly<Record<string, JobKind>>;

export type JobKindName = keyof typeof jobKinds;

/** A piece of background work: waiting, running or finished. */
export interface Job {
  readonly id: string;
  readonly kind: JobKindName;
  readonly state: "waiting" | "running" | "done" | "failed" | "cancelled";
  /** What started it: `manual`, `schedule`, `events`, `drift`, `first`. */
  readonly trigger: string;
  readonly created: number;
  readonly started: number | undefined;
  readonly finished: number | undefined;
  /** In [0, 1]; undefined if unknown. */
  readonly progress: number | undefined;
  /** What it is doing now. */
  readonly task: string;
  /** Why it failed. */
  readonly error: string | undefined;
  readonly result: unknown;
}
