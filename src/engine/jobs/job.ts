/** A kind of background work of a project. */
export interface JobKind {
  /**
   * Which process does it: the one that leads the project's background work, or whichever was asked. What the leader left unfinished is lost
   * when another one leads; the others are lost once nothing was heard of them for a while.
   */
  readonly runs: "leader" | "anywhere";
  /** What its record says after its process died: what happened, and what to do. */
  readonly lost: string;
}

/** Every kind of job there is. */
export const jobKinds = {
  train: { runs: "leader", lost: "The server stopped while it ran. The next fit starts by itself." },
  update: { runs: "leader", lost: "The server stopped while it ran. The next fit starts by itself." },
  import: {
    runs: "anywhere",
    lost: "The server stopped while it ran. Run the import again: items and users are replaced, and events whose key is stored already are skipped.",
  },
  export: { runs: "anywhere", lost: "The server stopped while it ran. Run the export again." },
  retention: { runs: "leader", lost: "The server stopped while it ran. It runs again by itself." },
} as const satisfies Readonly<Record<string, JobKind>>;

export type JobKindName = keyof typeof jobKinds;

/** A piece of background work, waiting, under way or ended. */
export interface Job {
  readonly id: string;
  readonly kind: JobKindName;
  readonly state: "waiting" | "running" | "done" | "failed" | "cancelled";
  /** What started it: `manual`, `schedule`, `events`, `drift`, `first`. */
  readonly trigger: string;
  readonly created: number;
  readonly started: number | undefined;
  readonly finished: number | undefined;
  /** In [0, 1]; undefined while unknown. */
  readonly progress: number | undefined;
  /** What it is doing now. */
  readonly task: string;
  /** Why it failed. */
  readonly error: string | undefined;
  readonly result: unknown;
}
