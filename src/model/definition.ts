import type { Csr } from "../data/csr.ts";
import type { Dataset } from "../data/dataset.ts";
import type { FeatureTable } from "../data/features.ts";
import type { Arena } from "../kernel/arena.ts";
import type { Backend } from "../kernel/backend.ts";
import type { Progress } from "../util/progress.ts";
import type { RepeatRule } from "./bag.ts";
import type { Histories } from "./histories.ts";
import type { Need } from "./needs.ts";
import type { OptionSpecs, OptionValues } from "./options.ts";
import type { DataShape } from "./shape.ts";

/** What `fit` returns: named numbers, strings, booleans and typed arrays only, so all models are saved, moved and measured the same way. */
export type State = Readonly<
  Record<string, number | string | boolean | Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array>
>;

/** What a fit gets besides data and options. */
export interface FitContext {
  readonly backend: Backend;
  /** The histories of all users in the data, one row per user, in the form the model will be asked about. */
  readonly histories: Histories;
  /** Scratch arrays for kernels, freed when the fit ends. Those in the returned state are copied first. */
  readonly arena: Arena;
  /** The same seed gives the same model on any number of threads. */
  readonly seed: number;
  /** Reports progress, yields to other work, and throws if the caller aborted. Call it once per round. */
  step(progress: Progress): Promise<void>;
}

/** What scoring gets besides state and histories. */
export interface ScoreContext {
  readonly backend: Backend;
}

/** An item-to-item matrix: rows are items of the history, columns are items to recommend. */
export type ItemMatrix =
  | ({ readonly kind: "sparse" } & Csr)
  /** Row-major, items x items. */
  | { readonly kind: "dense"; readonly items: number; readonly values: Float32Array };

/** Item vectors; the score is the inner product with the vector of the history. */
export interface ItemFactors {
  readonly dimensions: number;
  /** Row-major, items x dimensions. */
  readonly factors: Float32Array;
  /** Added to the inner product, one per item. 0 if omitted. */
  readonly bias?: Float32Array;
}

/** Items to score, row by row: row r owns the entries offsets[r] to offsets[r + 1] - 1. Their features are in the state. */
export interface ItemCandidates {
  /** histories.rows + 1 entries. */
  readonly offsets: Uint32Array;
  /** Item index of each entry. */
  readonly item: Uint32Array;
}

/** Adds to the score of an item in a row. Rows must ascend. */
export type Emit = (row: number, item: number, score: number) => void;

/** What a model proposes for data of a given shape. */
export interface Proposal<O extends OptionSpecs> {
  readonly options: Partial<OptionValues<O>>;
  /** Rough duration of a fit on one thread. */
  readonly seconds: number;
  /** Upper bound for the size of the fitted state. */
  readonly bytes: number;
  /** Share of the interactions to fit on, the newest ones, in (0, 1]. Default: all. */
  readonly newest?: number;
}

/**
 * How a model answers. It offers exactly one of five ways to score. Ranking, batching, masking and explanations are built on top of each, once
 * for all models:
 *
 * - `itemToItem`: scores are the history times a matrix (neighbors, linear models);
 * - `embed` and `itemFactors`: scores are inner products of a vector made from the history with item vectors (factor models);
 * - `score`: scores of all items at once;
 * - `scoreSome`: scores of the items that the history reaches, at a cost that doesn't grow with the catalog (sessions, random walks);
 * - `scorePairs`: scores of given items, one by one (models of features and context, re-rankers).
 *
 * All take {@link Histories}. A model that treats a history as a bag of items calls `histories.bag()`. A model that needs more declares it in
 * `needs` and gets the columns.
 */
export interface ModelDefinition<O extends OptionSpecs, S extends State> {
  /** Kebab-case, the name of its file. */
  readonly name: string;
  /** The folder of its file. */
  readonly family: string;
  /** What scores mean: only an order (`ranking`, the default), or the expected rating (`rating`). */
  readonly predicts?: "ranking" | "rating";
  /** True if every history gets the same list (popularity, random). */
  readonly ignoresHistory?: true;
  /** What it needs besides users and items. Data and queries that lack it are rejected with the name of the missing column. */
  readonly needs?: readonly Need[];
  /** How `histories.bag()` merges several entries on one item. Default: `last` for models that predict ratings, otherwise `sum`. */
  readonly repeats?: RepeatRule;
  readonly options: O;
  /** Options worth trying on data of this shape, with their cost; undefined if the model doesn't suit it. */
  suits?(shape: DataShape): Proposal<O> | readonly Proposal<O>[] | undefined;
  fit(data: Dataset, options: OptionValues<O>, context: FitContext): S | Promise<S>;

  itemToItem?(state: S, options: OptionValues<O>): ItemMatrix;
  /** The histories as `itemToItem` expects them (re-weighted, normalized), with the columns of `histories.bag()`. Default: `histories.bag()`. */
  profile?(state: S, histories: Histories, options: OptionValues<O>): Csr;

  /** Writes one vector per history: `out` is row-major, histories.rows x dimensions. */
  embed?(state: S, histories: Histories, out: Float32Array, options: OptionValues<O>, context: ScoreContext): void;
  itemFactors?(state: S, options: OptionValues<O>): ItemFactors;

  /** Writes the scores of all items: `out` is row-major, histories.rows x items. */
  score?(state: S, histories: Histories, out: Float32Array, options: OptionValues<O>, context: ScoreContext): void;

  /** Emits the scores of the items that each history reaches; all others score 0. */
  scoreSome?(state: S, histories: Histories, emit: Emit, options: OptionValues<O>, context: ScoreContext): void;

  /** Writes the score of each candidate, in the order of the candidates. */
  scorePairs?(
    state: S,
    histories: Histories,
    candidates: ItemCandidates,
    out: Float32Array,
    options: OptionValues<O>,
    context: ScoreContext,
  ): void;

  /**
   * The state with `count` items appended that arrived after the fit and are known from their features alone. For models that need
   * `itemFeatures`.
   *
   * @param features of the new items, with the columns of the fit; their category codes are numbered anew, so compare names
   */
  extend?(state: S, features: FeatureTable, count: number, options: OptionValues<O>): S;

  /**
   * Writes how similar every item is to `item`. Default: the row of the item-to-item matrix, or the cosine of item vectors. Without any of
   * these, the model has no `similar`.
   */
  similar?(state: S, item: number, out: Float32Array, options: OptionValues<O>): void;
  /**
   * Writes what each item of one history (a single row) adds to the score of `item`: `out` has one number per entry of `histories.bag()`.
   * Default: the terms of the product with the item-to-item matrix. Without either, the model has no `explain`.
   */
  explain?(state: S, histories: Histories, item: number, out: Float32Array, options: OptionValues<O>, context: ScoreContext): void;
  /**
   * The state for `data` (everything up to now), updated from the state of an earlier part of it; `added` holds the rows since then. The
   * vocabularies of both extend those of the earlier fit. Omit it if only a refit gives the right result.
   */
  update?(state: S, data: Dataset, added: Dataset, options: OptionValues<O>, context: FitContext): S | Promise<S>;
  /**
   * How far an updated model may differ from a refit: the largest share of a top-10 list that may differ, averaged over users, in [0, 1].
   * Default 0.
   */
  readonly updateTolerance?: number;
}

/** A definition with open option and state types, for code that handles every model. */
// biome-ignore lint/suspicious/noExplicitAny: existential over option and state types
export type AnyModelDefinition = ModelDefinition<any, any>;
