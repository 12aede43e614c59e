import { RecoError } from "./errors.ts";

/** Progress of a long task. `done` and `total` are in the task's units (rows, epochs); `total` is 0 while unknown. */
export interface Progress {
  /** The task, for display: `"reading ratings.csv"`. */
  readonly task: string;
  readonly done: number;
  readonly total: number;
  /** Another figure to display: a loss, a rate. */
  readonly note?: string;
}

export type OnProgress = (progress: Progress) => void;

/** Throws `aborted` if the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new RecoError("aborted", "Stopped by the caller.", { cause: signal.reason });
}

/**
 * Reports progress, yields to the event loop (so pending aborts and timers are seen) and throws if aborted. Long loops call it once per round.
 */
export async function step(progress: Progress, onProgress: OnProgress | undefined, signal: AbortSignal | undefined): Promise<void> {
  onProgress?.(progress);
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
  throwIfAborted(signal);
}
