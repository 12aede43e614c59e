import { type Backend, defaultBackend } from "../kernel/backend.ts";
import type { RepeatRule } from "./bag.ts";
import type { AnyModelDefinition, State } from "./definition.ts";
import type { Histories } from "./histories.ts";
import { repeatRule } from "./known-histories.ts";
import type { Need } from "./needs.ts";
import { rank, scoreAll } from "./rank.ts";
import type { RankedLists, Ranker, RankOptions } from "./ranked-lists.ts";

/** What a model needs to answer by index. */
export interface FittedParts {
  readonly definition: AnyModelDefinition;
  readonly options: Readonly<Record<string, unknown>>;
  readonly state: State;
  /** Size of the item vocabulary. */
  readonly itemCount: number;
  /** Training interactions of each item. The most popular items fill up lists. */
  readonly itemCounts: Uint32Array;
  readonly backend?: Backend | undefined;
}

/**
 * A fitted model without ids: it takes histories of item indices and returns item indices. A server keeps nothing else of a model; `Model`
 * adds the vocabularies and the histories of known users.
 */
export class FittedModel {
  readonly definition: AnyModelDefinition;
  readonly options: Readonly<Record<string, unknown>>;
  readonly state: State;
  readonly itemCount: number;
  /** Training interactions of each item. */
  readonly itemCounts: Uint32Array;
  readonly backend: Backend | undefined;
  private popular: Uint32Array | undefined;

  constructor(parts: FittedParts) {
    this.definition = parts.definition;
    this.options = parts.options;
    this.state = parts.state;
    this.itemCount = parts.itemCount;
    this.itemCounts = parts.itemCounts;
    this.backend = parts.backend;
  }

  get name(): string {
    return this.definition.name;
  }

  get family(): string {
    return this.definition.family;
  }

  /** What scores mean: only an order, or the expected rating. */
  get predicts(): "ranking" | "rating" {
    return this.definition.predicts ?? "ranking";
  }

  /** What it needs in histories and queries besides items. */
  get needs(): readonly Need[] {
    return this.definition.needs ?? [];
  }

  /** How it merges several entries on one item. */
  get repeats(): RepeatRule {
    return repeatRule(this.definition);
  }

  /** Whether it can rank without a history: from user features, from the context, or with the same list for everyone. */
  get answersEmpty(): boolean {
    return this.definition.ignoresHistory === true || this.needs.some((need) => need === "context" || need === "userFeatures");
  }

  /** Bytes of the learned state, without histories and vocabularies. */
  get bytes(): number {
    let sum = 0;
    for (const value of Object.values(this.state)) if (ArrayBuffer.isView(value)) sum += value.byteLength;
    return sum;
  }

  /** Top-k lists by index, one row per history. Runs on all cores. */
  rank(histories: Histories, options: RankOptions): RankedLists {
    return rank(this.ranker(), histories, options);
  }

  /** Scores of all items: `out` is row-major, histories.rows x items. */
  scores(histories: Histories, out: Float32Array): void {
    scoreAll(this.ranker(), histories, out);
  }

  private ranker(): Ranker {
    this.popular ??= byPopularity(this.itemCounts);
    const { definition, options, state, itemCount, popular } = this;
    return { definition, options, state, itemCount, byPopularity: popular, backend: this.backend ?? defaultBackend() };
  }
}

function byPopularity(counts: Uint32Array): Uint32Array {
  return Uint32Array.from(counts.keys()).sort((a, b) => counts[b] - counts[a] || a - b);
}
