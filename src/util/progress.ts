import { RecoError } from "./errors.ts";

/** How far a long task is. `done` and `total` count in units of the task (rows, epochs); `total` is 0 while it is unknown. */
export interface Progress {
  /** What is being done, for people: `"reading ratings.csv"`. */
  readonly task: string;
  readonly done: number;
  readonly total: number;
  /** One more thing worth showing: a loss, a rate. */
  readonly note?: string;
}

export type OnProgress = (progress: Progress) => void;

/** Throws the error `aborted` when the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new RecoError("aborted", "Stopped on request.", { cause: signal.reason });
}

/**
 * Reports progress, lets the event loop turn (so that a pending abort or timer is seen) and throws when aborted. Long loops call it
 * once a round.
 */
export async function step(progress: Progress, onProgress: OnProgress | undefined, signal: AbortSignal | undefined): Promise<void> {
  onProgress?.(progress);
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
  throwIfAborted(signal);
}
