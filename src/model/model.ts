import type { Csr } from "../data/csr.ts";
import { csrEntry, csrRows, csrValue } from "../data/csr.ts";
import type { Dataset, ProvenanceStep } from "../data/dataset.ts";
import type { Id, Vocabulary } from "../data/vocabulary.ts";
import { type Backend, defaultBackend } from "../kernel/backend.ts";
import { topKScores } from "../kernel/top-k.ts";
import { RecoError } from "../util/errors.ts";
import { countItems, type SaveOptions, writeModel } from "./artifact.ts";
import type { AnyModelDefinition } from "./define-model.ts";
import type { State } from "./definition.ts";
import { type FitOptions, inContext } from "./fit-context.ts";
import { historiesOf, type Query } from "./query.ts";
import { NO_ITEM, type RankedLists, type Ranker, type RankOptions, rank, scoreAll } from "./rank.ts";

/** A recommended or similar item. */
export interface Recommendation {
  readonly item: Id;
  /** On the scale of the model: comparable within one answer, not between models. */
  readonly score: number;
}

/** What one interaction of the history adds to a score. */
export interface Reason {
  readonly item: Id;
  readonly contribution: number;
}

/** Why an item has its score, strongest reason first. */
export interface Explanation {
  readonly item: Id;
  readonly score: number;
  readonly reasons: readonly Reason[];
}

export interface RecommendOptions {
  /** Length of the list, 10 by default. */
  readonly k?: number;
  /** Items never to return. */
  readonly exclude?: readonly Id[];
  /** The only items that may be returned. */
  readonly candidates?: readonly Id[];
  /** Whether items of the history may be returned. Default false. */
  readonly includeSeen?: boolean;
}

/** Everything a fitted model is made of. */
export interface ModelParts {
  readonly definition: AnyModelDefinition;
  readonly options: Readonly<Record<string, unknown>>;
  readonly state: State;
  readonly users: Vocabulary;
  readonly items: Vocabulary;
  /** Training interactions, users x items: the histories of known users. */
  readonly histories: Csr;
  /** Training interactions of each item; counted from `histories` when absent. */
  readonly itemCounts?: Uint32Array | undefined;
  /** A title an item, for people to read. */
  readonly titles?: readonly string[] | undefined;
  /** How data and model came to be, step by step. */
  readonly provenance: readonly ProvenanceStep[];
  readonly backend?: Backend | undefined;
}

/**
 * A fitted model. All answers are made from histories: for a user of the training data it looks the history up, for anybody else it takes
 * the one given.
 *
 * @example
 * ```ts
 * import { Dataset } from "recobase";
 * import { itemKnn } from "recobase/models";
 *
 * const data = Dataset.fromRows([
 *   { user: "ann", item: "alien" }, { user: "ann", item: "aliens" },
 *   { user: "bob", item: "alien" }, { user: "bob", item: "aliens" }, { user: "cat", item: "heat" },
 * ]);
 * const model = await itemKnn().fit(data);
 * model.recommend({ history: ["alien"] }, { k: 1 })[0].item; // "aliens"
 * ```
 */
export class Model {
  readonly definition: AnyModelDefinition;
  readonly options: Readonly<Record<string, unknown>>;
  readonly state: State;
  readonly users: Vocabulary;
  readonly items: Vocabulary;
  readonly histories: Csr;
  /** Training interactions of each item. */
  readonly itemCounts: Uint32Array;
  /** A title an item, for people to read; absent when the data had none. */
  readonly titles: readonly string[] | undefined;
  readonly provenance: readonly ProvenanceStep[];
  /** The most alike items. There only for models that can tell. */
  readonly similar: ((item: Id, options?: { k?: number }) => Recommendation[]) | undefined;
  /** Why an item has its score for a query. There only for models that can tell. */
  readonly explain: ((query: Query, item: Id) => Explanation) | undefined;
  /**
   * The model for `data`, everything up to now, whose vocabularies extend those of the earlier fit (see {@link Dataset.append}), made from
   * this one in less time than a fit. There only for models where that is right.
   */
  readonly update: ((data: Dataset, options?: FitOptions) => Promise<Model>) | undefined;
  private readonly backend: Backend | undefined;
  private popular: Uint32Array | undefined;

  constructor(parts: ModelParts) {
    this.definition = parts.definition;
    this.options = parts.options;
    this.state = parts.state;
    this.users = parts.users;
    this.items = parts.items;
    this.histories = parts.histories;
    this.itemCounts = parts.itemCounts ?? countItems(parts.histories.indices, parts.items.size);
    this.titles = parts.titles;
    this.provenance = parts.provenance;
    this.backend = parts.backend;
    const { similar, itemToItem, itemFactors, explain, update } = parts.definition;
    this.similar = similar || itemToItem || itemFactors ? (item, options = {}) => this.nearest(item, options.k ?? 10) : undefined;
    this.explain = explain || itemToItem ? (query, item) => this.reasons(query, item) : undefined;
    this.update = update ? (data, options = {}) => this.updated(data, options) : undefined;
  }

  get name(): string {
    return this.definition.name;
  }

  get family(): string {
    return this.definition.family;
  }

  /** What scores mean: an order only, or the rating to expect. */
  get predicts(): "ranking" | "rating" {
    return this.definition.predicts ?? "ranking";
  }

  /** Bytes of the learned state, histories and vocabularies not counted. */
  get bytes(): number {
    let sum = 0;
    for (const value of Object.values(this.state)) if (ArrayBuffer.isView(value)) sum += value.byteLength;
    return sum;
  }

  /**
   * The k best items for a user or a history, best first, seen items left out.
   *
   * @throws RecoError `unknown-user`, `unknown-item`, `bad-input`
   */
  recommend(query: Query, options: RecommendOptions = {}): Recommendation[] {
    return this.recommendBatch([query], options)[0];
  }

  /** {@link recommend} for many queries at once, on all cores. */
  recommendBatch(queries: readonly Query[], options: RecommendOptions = {}): Recommendation[][] {
    const k = checkK(options.k ?? 10);
    const histories = historiesOf(queries, this.users, this.items, this.histories);
    const banned = new Set((options.exclude ?? []).map((id) => this.items.require(id)));
    const candidates =
      options.candidates !== undefined || banned.size > 0
        ? Uint32Array.from(options.candidates?.map((id) => this.items.require(id)) ?? this.items.ids.keys()).filter(
            (item) => !banned.has(item),
          )
        : undefined;
    const lists = this.rank(histories, {
      k: Math.min(k, this.items.size),
      ...(options.includeSeen ? {} : { exclude: histories }),
      ...(candidates ? { candidates } : {}),
    });
    return queries.map((_, row) => this.listOf(lists, row));
  }

  /** Top-k lists by index: histories and exclusions as compressed rows, one row a query. Runs on all cores. */
  rank(histories: Csr, options: RankOptions): RankedLists {
    return rank(this.ranker(), histories, options);
  }

  /** Scores of all items: `out` is row-major, histories.rows x items. */
  scores(histories: Csr, out: Float32Array): void {
    scoreAll(this.ranker(), histories, out);
  }

  /** The expected rating of an item. There is a meaning to it only where {@link predicts} is `rating`. @throws RecoError `unsupported` */
  predict(query: Query, item: Id): number {
    if (this.predicts !== "rating")
      throw new RecoError("unsupported", `${this.name} ranks items and does not predict ratings; svd and svdpp do.`);
    const scores = new Float32Array(this.items.size);
    this.scores(historiesOf([query], this.users, this.items, this.histories), scores);
    return scores[this.items.require(item)];
  }

  /** The title of an item, or undefined where the data had none. @throws RecoError `unknown-item` */
  titleOf(item: Id): string | undefined {
    return this.titles?.[this.items.require(item)] || undefined;
  }

  /** Writes the model to a safetensors file, whole or not at all. `loadModel` reads it. */
  async save(path: string, options: SaveOptions = {}): Promise<void> {
    await writeModel(this, path, options);
  }

  private ranker(): Ranker {
    this.popular ??= byPopularity(this.itemCounts);
    const { definition, options, state, items, popular } = this;
    return { definition, options, state, itemCount: items.size, byPopularity: popular, backend: this.backend ?? defaultBackend() };
  }

  private listOf(lists: RankedLists, row: number): Recommendation[] {
    const list: Recommendation[] = [];
    for (let at = row * lists.k; at < (row + 1) * lists.k && lists.items[at] !== NO_ITEM; at++)
      list.push({ item: this.items.id(lists.items[at]), score: lists.scores[at] });
    return list;
  }

  private nearest(id: Id, k: number): Recommendation[] {
    checkK(k);
    const item = this.items.require(id);
    const { definition, state, options } = this;
    const scores = new Float32Array(this.items.size);
    const matrix = definition.itemToItem?.(state, options);
    if (definition.similar !== undefined) definition.similar(state, item, scores, options);
    else if (matrix?.kind === "sparse")
      for (let i = matrix.offsets[item]; i < matrix.offsets[item + 1]; i++) scores[matrix.indices[i]] = matrix.values[i];
    else if (matrix?.kind === "dense") scores.set(matrix.values.subarray(item * scores.length, (item + 1) * scores.length));
    else cosines(definition.itemFactors?.(state, options), item, scores);
    const self: Csr = csrRows(
      { rows: 1, columns: scores.length, offsets: Uint32Array.of(0, 1), indices: Uint32Array.of(item), values: Float32Array.of(1) },
      [0],
    );
    const top = topKScores(this.backend ?? defaultBackend(), {
      scores,
      rows: 1,
      items: scores.length,
      k: Math.min(k, scores.length),
      exclude: self,
    });
    return this.listOf({ k: Math.min(k, scores.length), ...top }, 0).filter((entry) => entry.score !== 0);
  }

  private reasons(query: Query, id: Id): Explanation {
    const { definition, state, options } = this;
    const item = this.items.require(id);
    const history = historiesOf([query], this.users, this.items, this.histories);
    const contributions = new Float32Array(history.indices.length);
    const backend = this.backend ?? defaultBackend();
    if (definition.explain !== undefined) definition.explain(state, history, item, contributions, options, { backend });
    else {
      const matrix = definition.itemToItem?.(state, options);
      const profile = definition.profile?.(state, history, options) ?? history;
      for (let i = 0; i < contributions.length; i++) contributions[i] = profile.values[i] * entryOf(matrix, profile.indices[i], item);
    }
    const scores = new Float32Array(this.items.size);
    this.scores(history, scores);
    const reasons = Array.from(history.indices, (index, i) => ({ item: this.items.id(index), contribution: contributions[i] }));
    reasons.sort((a, b) => b.contribution - a.contribution);
    return { item: this.items.id(item), score: scores[item], reasons };
  }

  private async updated(data: Dataset, options: FitOptions): Promise<Model> {
    const { definition } = this;
    if (definition.update === undefined) throw new RecoError("unsupported", `${this.name} has no incremental update; fit it again.`);
    for (const [mine, theirs] of [
      [this.users, data.users],
      [this.items, data.items],
    ])
      if (mine !== theirs && mine.ids.some((id, index) => theirs.ids[index] !== id))
        throw new RecoError(
          "bad-input",
          `The ${mine.kind}s of the new data do not begin with those of the model. Make it with Dataset.append.`,
        );
    const added = addedRows(this.histories, data);
    const backend = options.backend ?? this.backend;
    const state = await inContext(this.name, { ...options, ...(backend ? { backend } : {}) }, async (context) =>
      definition.update === undefined ? this.state : definition.update(this.state, data, added, this.options, context),
    );
    return new Model({
      definition,
      options: this.options,
      state,
      users: data.users,
      items: data.items,
      histories: data.byUser(),
      titles: titlesOf(data),
      provenance: [
        ...data.provenance,
        { step: "update", model: this.name, options: this.options, added: added.size, seed: options.seed ?? 1 },
      ],
      backend: this.backend,
    });
  }
}

/** The text column named `title` or `name` of the items, if there is one. */
export function titlesOf(data: Dataset): readonly string[] | undefined {
  const column = data.itemFeatures.title ?? data.itemFeatures.name;
  return column?.type === "text" ? column.values : undefined;
}

/** Rows of `data` whose user and item did not meet before, or met with another weight. */
function addedRows(before: Csr, data: Dataset): Dataset {
  const { user, item, weight } = data.interactions;
  const rows = Uint32Array.from(user.keys()).filter((i) => {
    const at = user[i] < before.rows ? csrEntry(before, user[i], item[i]) : -1;
    return at < 0 || before.values[at] !== (weight === undefined ? 1 : weight[i]);
  });
  return data.select(rows, { step: "added" });
}

function byPopularity(counts: Uint32Array): Uint32Array {
  return Uint32Array.from(counts.keys()).sort((a, b) => counts[b] - counts[a] || a - b);
}

function entryOf(matrix: ReturnType<NonNullable<AnyModelDefinition["itemToItem"]>> | undefined, row: number, column: number): number {
  if (matrix === undefined) return 0;
  if (matrix.kind === "dense") return matrix.values[row * matrix.items + column];
  return csrValue(matrix, row, column);
}

function cosines(vectors: { dimensions: number; factors: Float32Array } | undefined, item: number, out: Float32Array): void {
  if (vectors === undefined) return;
  const { dimensions, factors } = vectors;
  const own = factors.subarray(item * dimensions, (item + 1) * dimensions);
  let ownSquare = 0;
  for (const value of own) ownSquare += value * value;
  for (let j = 0; j < out.length; j++) {
    let product = 0;
    let square = 0;
    for (let d = 0; d < dimensions; d++) {
      const value = factors[j * dimensions + d];
      product += value * own[d];
      square += value * value;
    }
    out[j] = square === 0 || ownSquare === 0 ? 0 : product / Math.sqrt(square * ownSquare);
  }
}

function checkK(k: number): number {
  if (!Number.isInteger(k) || k < 1) throw new RecoError("bad-input", `k is ${k}; it must be a whole number of at least 1.`);
  return k;
}
