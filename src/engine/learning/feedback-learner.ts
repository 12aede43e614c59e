import type { RecommenderSpec } from "../../pipeline/recommender.gen.ts";
import type { Feedback } from "../../pipeline/rerank/exploration/define-exploration.ts";
import { type LearnedSoFar, learnScorer } from "../../pipeline/scorer/learned.ts";
import type { ProjectStore } from "../../store/store.ts";
import type { ResolvedObjective } from "../training/objective.ts";
import { type Outcome, type Outcomes, outcomesOf } from "./outcomes.ts";

/** Milliseconds between two looks at whether there is something to learn from. */
const LOOK = 10_000;
/** Learning may take this share of the time. */
const SHARE_OF_TIME = 0.05;
/** Answers that are looked at, the newest; and how far back they are looked for, first in short and then in longer spans. */
const MOST_ANSWERS = 10_000;
const SPANS = [1, 24, 30 * 24].map((hours) => hours * 3_600_000);

const nothingYet: LearnedSoFar = { scorer: undefined, reason: "There was no look yet at what was served." };

/** A recommender that learns, and the names and weights of its sources. */
export interface Learning {
  readonly name: string;
  readonly spec: RecommenderSpec;
  readonly sources: readonly string[];
}

export interface FeedbackLearnerParts {
  readonly store: Pick<ProjectStore, "segments" | "impressions" | "items" | "size">;
  /** Asked at each turn, since event types grow. */
  readonly objective: () => Pick<ResolvedObjective, "gain" | "adds">;
  /** The recommenders with a learned scorer now. */
  readonly learning: () => readonly Learning[];
  readonly log: (message: string) => void;
}

/** Learns in the background from what was served and what came of it: scorers of recommenders, and how often items are taken. */
export class FeedbackLearner {
  readonly #parts: FeedbackLearnerParts;
  #learned = new Map<string, { readonly spec: RecommenderSpec; readonly learned: LearnedSoFar }>();
  #feedback: Feedback | undefined;
  #span = 0;
  /** The last turn: the events there were, answers it was too early for, when it ended, and how long it took. */
  #last = { size: 0, unripe: 0, at: Number.NEGATIVE_INFINITY, milliseconds: 0 };
  #running: Promise<void> | undefined;
  #closed = false;
  readonly #timer: NodeJS.Timeout;

  constructor(parts: FeedbackLearnerParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => this.#look(), LOOK).unref();
  }

  /** What was learned for a recommender: a scorer, or why its blend stays. */
  learned(name: string, spec: RecommenderSpec): LearnedSoFar {
    const kept = this.#learned.get(name);
    return kept?.spec === spec ? kept.learned : nothingYet;
  }

  /** How often items were shown and taken; undefined before the first answers. */
  get feedback(): Feedback | undefined {
    return this.#feedback;
  }

  /** Learns now. Resolves when it has; never rejects. */
  learn(): Promise<void> {
    this.#running ??= this.#turn()
      .catch((error: unknown) => {
        if (!this.#closed) this.#parts.log(`Learning from served answers failed: ${error instanceof Error ? error.message : error}`);
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
        .filter(({ answer }) => answer.recommender === name && Object.keys(answer.features).length > 0)
        .map(({ answer, gains }) => ({ features: answer.features, gains }));
      learned.set(name, { spec, learned: await learnScorer(lists, sources, spec.scorer?.weights) });
    }
    this.#learned = learned;
    const end = performance.now();
    this.#last = { size, unripe, at: end, milliseconds: end - begin };
  }

  /** The newest answers with what came of them, from as short a span of time as holds enough. */
  async #newest(): Promise<Outcomes> {
    const { store, objective } = this.#parts;
    const now = Date.now();
    for (;;) {
      const found = await outcomesOf(store, objective(), {
        from: now - SPANS[this.#span],
        now,
        most: MOST_ANSWERS,
        pause: () => this.#pause(),
      });
      if (found.seen >= MOST_ANSWERS || this.#span === SPANS.length - 1) {
        // Far more than needed: a shorter span may do next time.
        if (found.seen > 20 * MOST_ANSWERS && this.#span > 0) this.#span--;
        return found;
      }
      this.#span++;
    }
  }

  /** Lets other work run, and ends the turn where the project is closed. */
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
  for (const { answer, gains } of outcomes)
    for (let place = 0; place < gains.length; place++) {
      const item = items.indexOf(answer.items[place]);
      if (item < 0) continue;
      shown[item]++;
      allShown++;
      if (!(gains[place] > 0)) continue;
      taken[item]++;
      allTaken++;
    }
  return allShown === 0 ? undefined : { shown, taken, rate: allTaken / allShown };
}
