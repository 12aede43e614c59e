import type { RecommenderSpec } from "../../pipeline/recommender.gen.ts";
import type { Feedback } from "../../pipeline/rerank/exploration/define-exploration.ts";
import { type LearnedSoFar, learnScorer } from "../../pipeline/scorer/learned.ts";
import type { ProjectStore } from "../../store/store.ts";
import type { ResolvedObjective } from "../training/objective.ts";
import { type Outcome, type Outcomes, outcomesOf } from "./outcomes.ts";

/** Milliseconds between checks for something new to learn from. */
const LOOK = 10_000;
/** Share of the time that learning may take. */
const SHARE_OF_TIME = 0.05;
/** Learn from at most this many of the newest impressions, looking back this far, short spans first. */
const MOST_IMPRESSIONS = 10_000;
const SPANS = [1, 24, 30 * 24].map((hours) => hours * 3_600_000);

const nothingYet: LearnedSoFar = { scorer: undefined, reason: "Nothing has been learned from impressions yet." };

/** A recommender that learns, and the names and weights of its sources. */
export interface Learning {
  readonly name: string;
  readonly spec: RecommenderSpec;
  readonly sources: readonly string[];
}

export interface FeedbackLearnerParts {
  readonly store: Pick<ProjectStore, "segments" | "impressions" | "items" | "size" | "eventTypes">;
  /** Read on every run, because event types can be added. */
  readonly objective: () => Pick<ResolvedObjective, "gain" | "adds">;
  /** The recommenders that currently have a learned scorer. */
  readonly learning: () => readonly Learning[];
  readonly log: (message: string) => void;
}

/** Learns in the background from impressions and their outcomes: scorers for recommenders, and how often items are taken. */
export class FeedbackLearner {
  readonly #parts: FeedbackLearnerParts;
  #learned = new Map<string, { readonly spec: RecommenderSpec; readonly learned: LearnedSoFar }>();
  #feedback: Feedback | undefined;
  #span = 0;
  /** The last run: number of events, impressions too recent to judge, when it ended, and how long it took. */
  #last = { size: 0, unripe: 0, at: Number.NEGATIVE_INFINITY, milliseconds: 0 };
  #running: Promise<void> | undefined;
  #closed = false;
  readonly #timer: NodeJS.Timeout;

  constructor(parts: FeedbackLearnerParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => this.#look(), LOOK).unref();
  }

  /** What was learned for a recommender: a scorer, or the reason it still blends. */
  learned(name: string, spec: RecommenderSpec): LearnedSoFar {
    const kept = this.#learned.get(name);
    return kept?.spec === spec ? kept.learned : nothingYet;
  }

  /** How often items were shown and taken; undefined before the first impressions. */
  get feedback(): Feedback | undefined {
    return this.#feedback;
  }

  /** Learns now. Resolves when done; never rejects. */
  learn(): Promise<void> {
    this.#running ??= this.#turn()
      .catch((error: unknown) => {
        if (!this.#closed) this.#parts.log(`Could not learn from impressions: ${error instanceof Error ? error.message : error}`);
      })
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  #look(): void {
    const { size, unripe, at, milliseconds } = this.#last;
    if ((this.#parts.store.size !== size || unripe > 0) && performance.now() - at >= milliseconds / SHARE_OF_TIME) void this.learn();
  }

  async #turn(): Promise<void> {
    const { store } = this.#parts;
    const begin = performance.now();
    const { size } = store;
    const { outcomes, unripe } = await this.#newest();
    this.#feedback = feedbackOf(outcomes, store);
    const learned = new Map<string, { spec: RecommenderSpec; learned: LearnedSoFar }>();
    for (const { name, spec, sources } of this.#parts.learning()) {
      const lists = outcomes
        .filter(({ impression }) => impression.recommender === name && Object.keys(impression.features).length > 0)
        .map(({ impression, gains }) => ({ features: impression.features, gains }));
      learned.set(name, { spec, learned: await learnScorer(lists, sources, spec.scorer?.weights) });
    }
    this.#learned = learned;
    const end = performance.now();
    this.#last = { size, unripe, at: end, milliseconds: end - begin };
  }

  /** The newest impressions with their outcomes, from the shortest time span that has enough of them. */
  async #newest(): Promise<Outcomes> {
    const { store, objective } = this.#parts;
    const now = Date.now();
    for (;;) {
      const found = await outcomesOf(store, objective(), {
        from: now - SPANS[this.#span],
        now,
        most: MOST_IMPRESSIONS,
        pause: () => this.#pause(),
      });
      if (found.seen >= MOST_IMPRESSIONS || this.#span === SPANS.length - 1) {
        // Far more than needed: try a shorter span next time.
        if (found.seen > 20 * MOST_IMPRESSIONS && this.#span > 0) this.#span--;
        return found;
      }
      this.#span++;
    }
  }

  /** Yields to other work; throws if the project is closed. */
  async #pause(): Promise<void> {
    await new Promise(setImmediate);
    if (this.#closed) throw new Error("The project was closed.");
  }
}

function feedbackOf(outcomes: readonly Outcome[], { items }: Pick<ProjectStore, "items">): Feedback | undefined {
  const shown = new Float32Array(items.size);
  const taken = new Float32Array(items.size);
  let allShown = 0;
  let allTaken = 0;
  for (const { impression, gains } of outcomes)
    for (let place = 0; place < gains.length; place++) {
      const item = items.indexOf(impression.items[place]);
      if (item < 0) continue;
      shown[item]++;
      allShown++;
      if (!(gains[place] > 0)) continue;
      taken[item]++;
      allTaken++;
    }
  return allShown === 0 ? undefined : { shown, taken, rate: allTaken / allShown };
}
