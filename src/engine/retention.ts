import type { ProjectStore } from "../store/store.ts";
import type { Jobs } from "./jobs.ts";

const HOUR = 3_600_000;

/** Removes events by age: at start and every hour, or ten times within the age where that is shorter. Each removal is a job on record. */
export class Retention {
  private readonly store: Pick<ProjectStore, "stats" | "dropBefore">;
  private readonly jobs: Jobs;
  private readonly age: number;
  private readonly timer: NodeJS.Timeout;
  private running: Promise<unknown> = Promise.resolve();

  /** @param age milliseconds */
  constructor(store: Pick<ProjectStore, "stats" | "dropBefore">, jobs: Jobs, age: number) {
    this.store = store;
    this.jobs = jobs;
    this.age = age;
    this.timer = setInterval(() => void this.run(), Math.min(HOUR, Math.max(1000, age / 10)));
    this.timer.unref();
    void this.run();
  }

  /** Removes what is too old now. Resolves when it is gone; a failure is on record as that of its job. */
  run(now: number = Date.now()): Promise<unknown> {
    this.running = this.running.then(() => this.drop(now - this.age));
    return this.running;
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async drop(before: number): Promise<void> {
    if (!(this.store.stats().from < before)) return;
    try {
      const { finished } = await this.jobs.run({ kind: "retention", trigger: "schedule" }, async () => ({
        removed: await this.store.dropBefore(before),
      }));
      await finished;
    } catch {
      // The disk refused even the record of the job. Writes fail loudly elsewhere, and the next hour tries again.
    }
  }
}
