import type { SkippedSource } from "../../pipeline/answer.ts";
import type { ProjectStore } from "../../store/store.ts";

/** Milliseconds a request waits for news of other servers' commits. */
const DEADLINE = 250;

/**
 * Brings reads up to date. If the database doesn't respond, the request is answered with what is known, and the answer says what is
 * missing.
 */
export async function refreshed(store: Pick<ProjectStore, "refresh">, deadline = DEADLINE): Promise<SkippedSource | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<SkippedSource>((resolve) => {
    const message = `The database did not respond within ${deadline} ms; recent writes by other servers are missing.`;
    timer = setTimeout(() => resolve({ source: "store", reason: "timed-out", message }), deadline);
  });
  try {
    return await Promise.race([store.refresh().then(() => undefined), late]);
  } catch (error) {
    const message = `Recent writes by other servers are missing: ${error instanceof Error ? error.message : error}`;
    return { source: "store", reason: "failed", message };
  } finally {
    clearTimeout(timer);
  }
}
