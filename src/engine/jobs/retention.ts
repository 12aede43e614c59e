import type { ProjectStore } from "../../store/store.ts";
import type { Jobs } from "./jobs.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Answers are of no use for attribution and learning after so long, and there are more of them than of anything else. */
const SERVED_AGE = 30 * DAY;

/**
 * Removes by age: events at the start and every hour (ten times within the age where that is shorter), each removal a job on record, and
 * served answers once a day.
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
   * @param age of events, in milliseconds; they are kept for ever when undefined
   * @param leads whether this process does the background work of the project now
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

  /** Removes events, and answers with them, that are too old at `now`. Never rejects. */
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

  /** Removes answers that are too old at `now`. Never rejects. */
  dropServed(now: number): Promise<void> {
    return this.#then(async () => {
      if (this.#leads()) await this.#store.dropImpressionsBefore(now - SERVED_AGE);
    });
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#running;
  }

  /** One after the other; what the disk refuses is tried again the next time. */
  #then(work: () => Promise<void>): Promise<void> {
    this.#running = this.#running
      .then(work)
      .catch((error: unknown) => this.#log(`What is too old could not be removed: ${error instanceof Error ? error.message : error}`));
    return this.#running;
  }
}
