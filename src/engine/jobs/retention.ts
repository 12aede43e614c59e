import type { ProjectStore } from "../../store/store.ts";
import type { Jobs } from "./jobs.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Impressions older than this are useless for attribution and learning, and they take up the most space. */
const SERVED_AGE = 30 * DAY;

/**
 * Removes old data. Events: at startup and every hour (or every tenth of the retention, if shorter), each removal recorded as a job.
 * Impressions: once a day.
 */
export class Retention {
  readonly #store: Pick<ProjectStore, "stats" | "dropBefore" | "dropImpressionsBefore">;
  readonly #jobs: Jobs;
  readonly #age: number | undefined;
  readonly #log: (message: string) => void;
  readonly #leads: () => boolean;
  readonly #timers: NodeJS.Timeout[] = [];
  #running: Promise<void> = Promise.resolve();

  /**
   * @param age of events, in milliseconds; undefined keeps them forever
   * @param leads whether this process currently does the project's background work
   */
  constructor(
    store: Pick<ProjectStore, "stats" | "dropBefore" | "dropImpressionsBefore">,
    jobs: Jobs,
    age: number | undefined,
    log: (message: string) => void,
    leads: () => boolean,
  ) {
    this.#store = store;
    this.#jobs = jobs;
    this.#age = age;
    this.#log = log;
    this.#leads = leads;
    this.#timers.push(setInterval(() => void this.dropServed(Date.now()), DAY).unref());
    if (age === undefined) return;
    this.#timers.push(setInterval(() => void this.dropEvents(Date.now()), Math.min(HOUR, Math.max(1000, age / 10))).unref());
    void this.dropEvents(Date.now());
  }

  /** Removes events, and the impressions with them, that are too old at `now`. Never rejects. */
  dropEvents(now: number): Promise<void> {
    const before = now - (this.#age ?? Number.POSITIVE_INFINITY);
    return this.#then(async () => {
      if (!this.#leads() || !(this.#store.stats().from < before)) return;
      const { finished } = await this.#jobs.run({ kind: "retention", trigger: "schedule" }, async () => ({
        removed: await this.#store.dropBefore(before),
      }));
      await finished;
    });
  }

  /** Removes impressions that are too old at `now`. Never rejects. */
  dropServed(now: number): Promise<void> {
    return this.#then(async () => {
      if (this.#leads()) await this.#store.dropImpressionsBefore(now - SERVED_AGE);
    });
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#running;
  }

  /** Removals run one at a time. A failed one is retried at the next interval. */
  #then(work: () => Promise<void>): Promise<void> {
    this.#running = this.#running
      .then(work)
      .catch((error: unknown) => this.#log(`Could not remove old data: ${error instanceof Error ? error.message : error}`));
    return this.#running;
  }
}
