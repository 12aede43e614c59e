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

/** What `fit` returns: numbers, strings, booleans and typed arrays by name, nothing else. So a model is saved, moved and measured in one way. */
export type State = Readonly<
  Record<string, number | string | boolean | Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array>
>;

/** What a fit needs beside data and hyperparameters. */
export interface FitContext {
  readonly backend: Backend;
  /** The histories of all users of the data, one row a user, as the model will be asked about them. */
  readonly histories: Histories;
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

/** Items to score, row by row: row r owns the entries offsets[r] to offsets[r + 1] - 1. Their features are in the state. */
export interface ItemCandidates {
  /** histories.rows + 1 entries. */
  readonly offsets: Uint32Array;
  /** Item index of each entry. */
  readonly item: Uint32Array;
}

/** Says that an item of a row has a score; scores of one item and row are added up. Rows come in ascending order. */
export type Emit = (row: number, item: number, score: number) => void;

/** What a model proposes for data of a certain shape. */
export interface Proposal<O extends OptionSpecs> {
  readonly options: Partial<OptionValues<O>>;
  /** What a fit takes on one thread, roughly. */
  readonly seconds: number;
  /** What the fitted state takes at most. */
  readonly bytes: number;
  /** The newest share of the interactions to fit it on, in (0, 1]; all when absent. */
  readonly newest?: number;
}

/**
 * How a model answers. Exactly one of five ways is there, and the ranking, batching, masking and explaining on top of each is written
 * once, for all models:
 *
 * - `itemToItem`: the score of an item is the history times a matrix (neighbors, linear models);
 * - `embed` and `itemFactors`: an inner product of a vector made from the history with item vectors (factor models);
 * - `score`: scores of all items at once;
 * - `scoreSome`: scores of the items that the history reaches, for a cost that does not grow with the catalog (sessions, walks);
 * - `scorePairs`: scores of given items, one by one (models of features and context, re-rankers).
 *
 * All of them take {@link Histories}. A model that treats a history as a bag of items takes `histories.bag()`; one that needs more says so
 * in `needs`, and gets the columns.
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
  /** What it needs beside who did something with what. Data and queries that lack it are refused by name. */
  readonly needs?: readonly Need[];
  /** How `histories.bag()` merges several entries on one item. By default `last` for ratings, otherwise `sum`. */
  readonly repeats?: RepeatRule;
  readonly options: O;
  /** The options worth trying on data of a certain shape, with what they cost; undefined where the model is no choice for it. */
  suits?(shape: DataShape): Proposal<O> | readonly Proposal<O>[] | undefined;
  fit(data: Dataset, options: OptionValues<O>, context: FitContext): S | Promise<S>;

  itemToItem?(state: S, options: OptionValues<O>): ItemMatrix;
  /** The histories as `itemToItem` wants them (re-weighted, normalized), with the columns of `histories.bag()`; that when absent. */
  profile?(state: S, histories: Histories, options: OptionValues<O>): Csr;

  /** Writes one vector a history: `out` is row-major, histories.rows x dimensions. (Several vectors a history would be a number here.) */
  embed?(state: S, histories: Histories, out: Float32Array, options: OptionValues<O>, context: ScoreContext): void;
  itemFactors?(state: S, options: OptionValues<O>): ItemFactors;

  /** Writes the scores of all items: `out` is row-major, histories.rows x items. */
  score?(state: S, histories: Histories, out: Float32Array, options: OptionValues<O>, context: ScoreContext): void;

  /** Emits the scores of the items that each history reaches; the others score 0. */
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
   * The state over a longer vocabulary: `count` items that came after the fit follow those of the state, known from their features alone.
   * For models that need `itemFeatures`.
   *
   * @param features of the new items, with the columns of the fit; categories have codes of their own, so compare their names
   */
  extend?(state: S, features: FeatureTable, count: number, options: OptionValues<O>): S;

  /**
   * Writes how alike every item is to `item`. When absent: the row of the item-to-item matrix, or the cosine of item vectors; other models
   * then have no `similar`.
   */
  similar?(state: S, item: number, out: Float32Array, options: OptionValues<O>): void;
  /**
   * Writes what each item of one history (a single row) adds to the score of `item`: `out` has one number an entry of `histories.bag()`.
   * When absent: the terms of the product with the item-to-item matrix; other models then have no `explain`.
   */
  explain?(state: S, histories: Histories, item: number, out: Float32Array, options: OptionValues<O>, context: ScoreContext): void;
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

/** A definition whose option and state types are left open, for code that handles every model alike. */
// biome-ignore lint/suspicious/noExplicitAny: existential over option and state types
export type AnyModelDefinition = ModelDefinition<any, any>;
