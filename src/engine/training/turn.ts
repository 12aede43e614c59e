import { throwIfAborted } from "../../util/progress.ts";

let last: Promise<unknown> = Promise.resolve();

/**
 * Lets fits take turns: one at a time per process, across projects, because each uses all cores it may have.
 *
 * @throws RecoError `aborted` if the signal fires while waiting
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
