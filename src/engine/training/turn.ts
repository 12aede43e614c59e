import { throwIfAborted } from "../../util/progress.ts";

let last: Promise<unknown> = Promise.resolve();

/**
 * The turn of fits: one at a time in a process, whatever its projects, since each takes all cores that it may have.
 *
 * @throws RecoError `aborted` when the signal fires while it waits
 */
export async function fittingTurn(signal: AbortSignal): Promise<() => void> {
  const before = last;
  let leave = () => {};
  last = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([before, stopped]);
  if (signal.aborted) void before.then(leave);
  throwIfAborted(signal);
  return leave;
}
