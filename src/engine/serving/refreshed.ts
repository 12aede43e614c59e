import type { SkippedSource } from "../../pipeline/answer.ts";
import type { ProjectStore } from "../../store/store.ts";

/** Milliseconds that a request waits to hear of what other servers have committed. */
const DEADLINE = 250;

/**
 * Brings reads up to date. A database that does not answer does not keep a request from being answered with what is known: then it says what
 * is missing.
 */
export async function refreshed(store: Pick<ProjectStore, "refresh">, deadline = DEADLINE): Promise<SkippedSource | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<SkippedSource>((resolve) => {
    const message = `The database gave no answer within ${deadline} ms; what other servers took in lately is missing.`;
    timer = setTimeout(() => resolve({ source: "store", reason: "timed-out", message }), deadline);
  });
  try {
    return await Promise.race([store.refresh().then(() => undefined), late]);
  } catch (error) {
    const message = `What other servers took in lately is missing: ${error instanceof Error ? error.message : error}`;
    return { source: "store", reason: "failed", message };
  } finally {
    clearTimeout(timer);
  }
}
