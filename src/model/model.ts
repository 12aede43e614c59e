import type { Dataset } from "../data/dataset.ts";
import type { ProvenanceStep } from "../data/dataset-parts.ts";
import { type FeatureValues, featureTable } from "../data/feature-values.ts";
import type { Id, Vocabulary } from "../data/vocabulary.ts";
import { defaultBackend } from "../kernel/backend.ts";
import { RecoError } from "../util/errors.ts";
import { addedRows } from "./added-rows.ts";
import { type SaveOptions, writeModel } from "./artifact.ts";
import { contributionsOf } from "./contributions.ts";
import { type FitOptions, inContext } from "./fit-context.ts";
import { FittedModel } from "./fitted-model.ts";
import type { Histories } from "./histories.ts";
import { historiesOf } from "./known-histories.ts";
import { dataParts, type ModelParts, type QuerySchema } from "./model-parts.ts";
import { checkNeeds } from "./needs.ts";
import type { Query } from "./query.ts";
import { queryHistories } from "./query-histories.ts";
import { NO_ITEM, type RankedLists } from "./ranked-lists.ts";
import { similarItems } from "./similar-items.ts";

/** A recommended or similar item. */
export interface Recommendation {
  readonly item: Id;
  /** Comparable within one answer, but not between models. */
  readonly score: number;
}

/** What one item of the history adds to a score. */
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
  /** Length of the list. Default 10. */
  readonly k?: number;
  /** Items never to return. */
  readonly exclude?: readonly Id[];
  /** The only items that may be returned. */
  readonly candidates?: readonly Id[];
  /** Whether to include items of the history. Default false. */
  readonly includeSeen?: boolean;
}

/** An item that arrived after the fit, for {@link Model.extend}. */
export interface NewItem {
  readonly item: Id;
  /** By the feature names of the training data. */
  readonly features: FeatureValues;
}

/**
 * A fitted model. Every answer is based on a history: a known user's history is looked up, for anyone else you pass it in.
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
export class Model extends FittedModel {
  readonly users: Vocabulary;
  readonly items: Vocabulary;
  /** The histories of known users, one row per user. */
  readonly histories: Histories;
  /** Display titles, one per item; undefined if the data had none. */
  readonly titles: readonly string[] | undefined;
  readonly schema: QuerySchema;
  readonly provenance: readonly ProvenanceStep[];
  /** The most similar items. Undefined if the model has no notion of similar items. */
  readonly similar: ((item: Id, options?: { k?: number }) => Recommendation[]) | undefined;
  /** Why an item has its score for a query. Undefined if the model can't explain scores. */
  readonly explain: ((query: Query, item: Id) => Explanation) | undefined;
  /**
   * Updates the model to `data` (everything up to now) in less time than a fit. The vocabularies of `data` must extend those of the earlier fit:
   * make it with {@link Dataset.append}. Undefined if the model supports refits only.
   */
  readonly update: ((data: Dataset, options?: FitOptions) => Promise<Model>) | undefined;
  /**
   * The model with added items that arrived after the fit, known from their features alone. Omitted features count as missing values. Undefined
   * if the model doesn't learn from item features.
   */
  readonly extend: ((items: readonly NewItem[]) => Model) | undefined;

  constructor(parts: ModelParts) {
    super({ ...parts, itemCount: parts.items.size });
    this.users = parts.users;
    this.items = parts.items;
    this.histories = parts.histories;
    this.titles = parts.titles;
    this.schema = parts.schema;
    this.provenance = parts.provenance;
    const { similar, itemToItem, itemFactors, explain, update, extend } = parts.definition;
    this.similar = similar || itemToItem || itemFactors ? (item, options = {}) => this.nearest(item, options.k ?? 10) : undefined;
    this.explain = explain || itemToItem ? (query, item) => this.reasons(query, item) : undefined;
    this.update = update ? (data, options = {}) => this.updated(data, options) : undefined;
    this.extend = extend ? (items) => this.extended(items) : undefined;
  }

  /**
   * The k best items for a user or a history, best first, without seen items.
   *
   * @throws RecoError `unknown-user`, `unknown-item`, `bad-input`
   */
  recommend(query: Query, options: RecommendOptions = {}): Recommendation[] {
    return this.recommendBatch([query], options)[0];
  }

  /** {@link recommend} for many queries, on all cores. */
  recommendBatch(queries: readonly Query[], options: RecommendOptions = {}): Recommendation[][] {
    const k = checkK(options.k ?? 10);
    const histories = queryHistories(queries, this);
    const banned = new Set((options.exclude ?? []).map((id) => this.items.require(id)));
    const candidates =
      options.candidates !== undefined || banned.size > 0
        ? Uint32Array.from(options.candidates?.map((id) => this.items.require(id)) ?? this.items.ids.keys()).filter(
            (item) => !banned.has(item),
          )
        : undefined;
    const lists = this.rank(histories, {
      k: Math.min(k, this.items.size),
      ...(options.includeSeen ? {} : { exclude: histories.bag() }),
      ...(candidates ? { candidates } : {}),
    });
    return queries.map((_, row) => this.listOf(lists, row));
  }

  /** The expected rating of an item. Requires a model whose {@link predicts} is `rating`. @throws RecoError `unsupported` */
  predict(query: Query, item: Id): number {
    if (this.predicts !== "rating")
      throw new RecoError("unsupported", `${this.name} ranks items but doesn't predict ratings. Use svd or svdpp.`);
    const scores = new Float32Array(this.items.size);
    this.scores(queryHistories([query], this), scores);
    return scores[this.items.require(item)];
  }

  /** The title of an item, or undefined if the data had none. @throws RecoError `unknown-item` */
  titleOf(item: Id): string | undefined {
    return this.titles?.[this.items.require(item)] || undefined;
  }

  /** Writes the model to a safetensors file, atomically. Read it with `loadModel`. */
  async save(path: string, options: SaveOptions = {}): Promise<void> {
    await writeModel(this, path, options);
  }

  private listOf(lists: RankedLists, row: number): Recommendation[] {
    const list: Recommendation[] = [];
    for (let at = row * lists.k; at < (row + 1) * lists.k && lists.items[at] !== NO_ITEM; at++)
      list.push({ item: this.items.id(lists.items[at]), score: lists.scores[at] });
    return list;
  }

  private nearest(id: Id, k: number): Recommendation[] {
    const lists = similarItems(this, this.items.require(id), checkK(k), this.backend ?? defaultBackend());
    return this.listOf(lists, 0).filter((entry) => entry.score !== 0);
  }

  private reasons(query: Query, id: Id): Explanation {
    const item = this.items.require(id);
    const histories = queryHistories([query], this);
    const contributions = contributionsOf(this, histories, item, this.backend ?? defaultBackend());
    const scores = new Float32Array(this.items.size);
    this.scores(histories, scores);
    const reasons = Array.from(histories.bag().indices, (index, i) => ({ item: this.items.id(index), contribution: contributions[i] }));
    reasons.sort((a, b) => b.contribution - a.contribution);
    return { item: this.items.id(item), score: scores[item], reasons };
  }

  private async updated(data: Dataset, options: FitOptions): Promise<Model> {
    const { definition } = this;
    if (definition.update === undefined) throw new RecoError("unsupported", `${this.name} has no incremental update. Fit it again.`);
    for (const [mine, theirs] of [
      [this.users, data.users],
      [this.items, data.items],
    ])
      if (mine !== theirs && mine.ids.some((id, index) => theirs.ids[index] !== id))
        throw new RecoError("bad-input", `The new data doesn't start with the ${mine.kind}s of the model. Make it with Dataset.append.`);
    checkNeeds(definition, data);
    const histories = historiesOf(data, definition);
    const added = addedRows(this.histories, histories, data);
    const backend = options.backend ?? this.backend;
    const state = await inContext(this.name, histories, { ...options, ...(backend ? { backend } : {}) }, async (context) =>
      definition.update === undefined ? this.state : definition.update(this.state, data, added, this.options, context),
    );
    return new Model({
      ...{ definition, options: this.options, state, histories, backend: this.backend },
      ...dataParts(data, definition.needs),
      provenance: [
        ...data.provenance,
        { step: "update", model: this.name, options: this.options, added: added.size, seed: options.seed ?? 1 },
      ],
    });
  }

  private extended(added: readonly NewItem[]): Model {
    const { definition, schema, users, options, histories, titles, backend } = this;
    const twice = added.find(({ item }, i) => this.items.indexOf(item) >= 0 || added.findIndex((other) => other.item === item) < i);
    if (twice !== undefined)
      throw new RecoError("bad-input", `Cannot add item ${JSON.stringify(twice.item)}: it already exists. Pass new items only, each once.`);
    const features = featureTable(
      schema.itemFeatures,
      added.map((item) => item.features),
      "item",
    );
    const state = definition.extend?.(this.state, features, added.length, options) ?? this.state;
    const items = this.items.extend(added.map(({ item }) => item));
    const itemCounts = new Uint32Array(items.size);
    itemCounts.set(this.itemCounts);
    const named = added.map((item) => String(item.features.title ?? item.features.name ?? ""));
    return new Model({
      ...{ definition, options, state, users, items, itemCounts, schema, backend },
      histories: histories.within(items.size),
      titles: titles && [...titles, ...named],
      provenance: [...this.provenance, { step: "extend", items: added.length }],
    });
  }
}

function checkK(k: number): number {
  if (!Number.isInteger(k) || k < 1) throw new RecoError("bad-input", `k must be a whole number of at least 1, but is ${k}.`);
  return k;
}
