import { type Backend, defaultBackend } from "../kernel/backend.ts";
import { type OnProgress, step, throwIfAborted } from "../util/progress.ts";
import type { FitContext, State } from "./definition.ts";
import type { Histories } from "./histories.ts";

/** How to run a fit. */
export interface FitOptions {
  /** Seed of all random choices. Default 1. The same seed gives the same model on any number of threads. */
  readonly seed?: number;
  /** Where to compute. Default: the shared backend. */
  readonly backend?: Backend;
  /** Stops the fit, which then throws `aborted`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** Runs a fit or update with a context made from the caller's options, and copies the result out of scratch memory. */
export async function inContext<S extends State>(
  task: string,
  histories: Histories,
  options: FitOptions,
  work: (context: FitContext) => S | Promise<S>,
): Promise<S> {
  const backend = options.backend ?? defaultBackend();
  const arena = backend.arena();
  try {
    throwIfAborted(options.signal);
    const state = await work({
      backend,
      histories,
      arena,
      seed: options.seed ?? 1,
      step: (progress) => step({ ...progress, task: progress.task || task }, options.onProgress, options.signal),
    });
    throwIfAborted(options.signal);
    const entries = Object.entries(state).map(([name, value]) => [
      name,
      ArrayBuffer.isView(value) && backend.owns(value) ? value.slice() : value,
    ]);
    return Object.fromEntries(entries) as S;
  } finally {
    arena.release();
  }
}
