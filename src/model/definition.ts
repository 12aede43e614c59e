import type { Csr } from "../data/csr.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Arena } from "../kernel/arena.ts";
import type { Backend } from "../kernel/backend.ts";
import type { Progress } from "../util/progress.ts";
import type { OptionSpecs, OptionValues } from "./options.ts";

/** What `fit` returns: numbers, strings, booleans and typed arrays by name, nothing else. So a model is saved, moved and measured in one way. */
export type State = Readonly<
  Record<string, number | string | boolean | Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array>
>;

/** What a fit needs beside data and hyperparameters. */
export interface FitContext {
  readonly backend: Backend;
  /** Scratch arrays for kernels, freed when the fit ends. Arrays of it that the returned state holds are copied out first. */
  readonly arena: Arena;
  /** The same seed gives the same model, on one thread or many. */
  readonly seed: number;
  /** Reports progress, lets other work run, and throws when the caller aborted. Call it once a round. */
  step(progress: Progress): Promise<void>;
}

/** What scoring needs beside state and histories. */
export interface ScoreContext {
  readonly backend: Backend;
}

/** An item-to-item matrix, as rows (from an item of the history) of columns (to a recommended item). */
export type ItemMatrix =
  | ({ readonly kind: "sparse" } & Csr)
  /** Row-major, items x items. */
  | { readonly kind: "dense"; readonly items: number; readonly values: Float32Array };

/** Item vectors to take inner products with. */
export interface ItemFactors {
  readonly dimensions: number;
  /** Row-major, items x dimensions. */
  readonly factors: Float32Array;
  /** Added to the inner product, one an item; absent for 0. */
  readonly bias?: Float32Array;
}

/**
 * How a model answers. Exactly one of three ways is there, and the ranking, batching, masking and explaining on top of each is written
 * once, for all models:
 *
 * - `itemToItem`: the score of an item is the history times a matrix (neighbours, linear models);
 * - `embed` and `itemFactors`: an inner product of a vector made from the history with item vectors (factor models);
 * - `score`: anything else.
 *
 * Histories come as compressed rows: one row a query, columns are item indices, values the weights of the interactions.
 */
export interface ModelDefinition<O extends OptionSpecs, S extends State> {
  /** Kebab-case, the name of its file. */
  readonly name: string;
  /** The folder of its file. */
  readonly family: string;
  /** What scores mean: an order only (`ranking`, the default), or the rating to expect (`rating`). */
  readonly predicts?: "ranking" | "rating";
  /** True for models that answer everybody alike (popularity, random): they make no personal lists. */
  readonly ignoresHistory?: true;
  readonly options: O;
  fit(data: Dataset, options: OptionValues<O>, context: FitContext): S | Promise<S>;

  itemToItem?(state: S, options: OptionValues<O>): ItemMatrix;
  /** The histories as `itemToItem` wants them (re-weighted, normalised); as they are when absent. */
  profile?(state: S, histories: Csr, options: OptionValues<O>): Csr;

  /** Writes one vector a history: `out` is row-major, histories.rows x dimensions. */
  embed?(state: S, histories: Csr, out: Float32Array, options: OptionValues<O>, context: ScoreContext): void;
  itemFactors?(state: S, options: OptionValues<O>): ItemFactors;

  /** Writes the scores of all items: `out` is row-major, histories.rows x items. */
  score?(state: S, histories: Csr, out: Float32Array, options: OptionValues<O>, context: ScoreContext): void;

  /**
   * Writes how alike every item is to `item`. When absent: the row of the item-to-item matrix, or the cosine of item vectors; a model
   * with `score` alone then has no `similar`.
   */
  similar?(state: S, item: number, out: Float32Array, options: OptionValues<O>): void;
  /**
   * Writes what each entry of one history (a matrix of one row) adds to the score of `item`: `out` has one number an entry. When
   * absent: the terms of the product with the item-to-item matrix; other models then have no `explain`.
   */
  explain?(state: S, history: Csr, item: number, out: Float32Array, options: OptionValues<O>, context: ScoreContext): void;
  /**
   * The state for `data` (everything up to now), from the state of an earlier part of it; `added` holds the rows that came since. The
   * vocabularies of both extend those of the earlier fit. Left out where only a refit is right.
   */
  update?(state: S, data: Dataset, added: Dataset, options: OptionValues<O>, context: FitContext): S | Promise<S>;
  /**
   * How far an updated model may be from a refit: the largest share of a top-10 list that may differ on average over users, in [0, 1].
   * 0 (the default) means equal scores.
   */
  readonly updateTolerance?: number;
}
