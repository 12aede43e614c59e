import { RecoError } from "../util/errors.ts";
import { appendParts } from "./append.ts";
import { type Csr, csrFromCoordinates } from "./csr.ts";
import type { DatasetParts, ProvenanceStep } from "./dataset-parts.ts";
import { type FeatureValues, featureTable, schemaOfValues } from "./feature-values.ts";
import type { FeatureTable } from "./features.ts";
import { type Interactions, type Links, takeInteractions } from "./interactions.ts";
import { type Id, Vocabulary } from "./vocabulary.ts";

/** One interaction with external ids, for {@link Dataset.fromRows}. */
export interface InteractionRow {
  readonly user: Id;
  readonly item: Id;
  /** Default 1. */
  readonly weight?: number;
  /** Milliseconds since 1970, or any ascending clock. */
  readonly time?: number;
  readonly type?: string;
  /** Interactions of a user with the same session belong together. */
  readonly session?: Id;
  /** Interactions of a user with the same basket (order, receipt) belong together. */
  readonly basket?: Id;
  /** Features of the moment: device, place, weather. */
  readonly context?: FeatureValues;
}

/**
 * Who did what: interactions in columns, with the vocabularies of their users and items, feature tables, and a record of where they came
 * from. Immutable: filters and splits return new datasets that share what they can.
 *
 * @example
 * ```ts
 * import { Dataset } from "recobase";
 * const data = Dataset.fromRows([
 *   { user: "ann", item: "alien", weight: 5 },
 *   { user: "bob", item: "alien", weight: 3 },
 * ]);
 * data.size; // 2
 * data.byItem().rows; // 1
 * ```
 */
export class Dataset {
  readonly users: Vocabulary;
  readonly items: Vocabulary;
  readonly interactions: Interactions;
  /** The event types that `interactions.type` points into; empty if there is only one. */
  readonly eventTypes: readonly string[];
  readonly userFeatures: FeatureTable;
  readonly itemFeatures: FeatureTable;
  /** Who is connected with whom, if known. */
  readonly links: Links | undefined;
  readonly provenance: readonly ProvenanceStep[];
  private rowsByUser: Csr | undefined;
  private rowsByItem: Csr | undefined;

  /** @throws RecoError `bad-input` if columns differ in length. */
  constructor(parts: DatasetParts) {
    this.users = parts.users;
    this.items = parts.items;
    this.interactions = parts.interactions;
    this.eventTypes = parts.eventTypes ?? [];
    this.userFeatures = parts.userFeatures ?? {};
    this.itemFeatures = parts.itemFeatures ?? {};
    this.links = parts.links;
    this.provenance = parts.provenance ?? [];
    const { user, item, weight, time, type, session, basket } = parts.interactions;
    for (const column of [item, weight, time, type, session, basket])
      if (column !== undefined && column.length !== user.length)
        throw new RecoError("bad-input", `Columns must have equal length: one has ${column.length} rows, the user column ${user.length}.`);
  }

  /** Makes a dataset from rows in memory. Ids are numbered in order of first appearance. */
  static fromRows(rows: Iterable<InteractionRow>): Dataset {
    const users = new Map<Id, number>();
    const items = new Map<Id, number>();
    const types = new Map<string, number>();
    const code = <K>(map: Map<K, number>, key: K): number => {
      let index = map.get(key);
      if (index === undefined) {
        index = map.size;
        map.set(key, index);
      }
      return index;
    };
    const all = Array.isArray(rows) ? (rows as InteractionRow[]) : [...rows];
    const user = new Uint32Array(all.length);
    const item = new Uint32Array(all.length);
    const weight = new Float64Array(all.length);
    const time = new Float64Array(all.length);
    const type = new Uint8Array(all.length);
    let weighted = false;
    let timed = false;
    let typed = false;
    let contextual = false;
    all.forEach((row, i) => {
      user[i] = code(users, row.user);
      item[i] = code(items, row.item);
      weight[i] = row.weight ?? 1;
      time[i] = row.time ?? Number.NaN;
      weighted ||= row.weight !== undefined;
      timed ||= row.time !== undefined;
      typed ||= row.type !== undefined;
      contextual ||= row.context !== undefined;
      type[i] = code(types, row.type ?? "");
      // Models compute in single precision.
      if (!Number.isFinite(Math.fround(weight[i])))
        throw new RecoError("bad-input", `Row ${i}: the weight ${row.weight} is not a finite number.`);
    });
    if (types.size > 256) throw new RecoError("bad-input", `The rows have ${types.size} event types; at most 256 are supported.`);
    return new Dataset({
      users: new Vocabulary("user", [...users.keys()]),
      items: new Vocabulary("item", [...items.keys()]),
      interactions: {
        user,
        item,
        ...(weighted ? { weight } : {}),
        ...(timed ? { time } : {}),
        ...(typed ? { type } : {}),
        ...(all.some((row) => row.session !== undefined) && { session: groups(all, (row) => row.session) }),
        ...(all.some((row) => row.basket !== undefined) && { basket: groups(all, (row) => row.basket) }),
        ...(contextual ? { context: contextOf(all) } : {}),
      },
      eventTypes: typed ? [...types.keys()] : [],
      provenance: [{ step: "rows", count: all.length }],
    });
  }

  /** Number of interactions. */
  get size(): number {
    return this.interactions.user.length;
  }

  /** One line for logs and notebooks: the counts, the columns that are there, and the features. `formatSummary` says more. */
  toString(): string {
    const count = (n: number, one: string) => `${n.toLocaleString("en")} ${one}${n === 1 ? "" : "s"}`;
    const { user: _user, item: _item, context, ...columns } = this.interactions;
    const named = (prefix: string, table: FeatureTable) => Object.keys(table).map((name) => `${prefix} ${name}`);
    const parts = [
      `${count(this.size, "interaction")} of ${count(this.users.size, "user")} with ${count(this.items.size, "item")}`,
      ...Object.entries(columns).flatMap(([name, column]) => (column === undefined ? [] : [name])),
      ...named("context", context ?? {}),
      ...named("user", this.userFeatures),
      ...named("item", this.itemFeatures),
      ...(this.links === undefined ? [] : ["links"]),
    ];
    return `Dataset(${parts.join(", ")})`;
  }

  /** Users as rows, items as columns, weights as values. Computed once. */
  byUser(): Csr {
    const { user, item, weight } = this.interactions;
    this.rowsByUser ??= csrFromCoordinates(this.users.size, this.items.size, user, item, weight);
    return this.rowsByUser;
  }

  /** Items as rows, users as columns, weights as values. Computed once. */
  byItem(): Csr {
    const { user, item, weight } = this.interactions;
    this.rowsByItem ??= csrFromCoordinates(this.items.size, this.users.size, item, user, weight);
    return this.rowsByItem;
  }

  /** The interactions at `rows` (in any order), over the same vocabularies, with one more provenance step. */
  select(rows: Uint32Array, step: ProvenanceStep): Dataset {
    return this.with({ interactions: takeInteractions(this.interactions, rows), provenance: [...this.provenance, step] });
  }

  /**
   * The same dataset with some of its parts replaced, for example to add features.
   *
   * @throws RecoError `bad-input` if columns differ in length
   */
  with(parts: Partial<DatasetParts>): Dataset {
    const { users, items, interactions, eventTypes, userFeatures, itemFeatures, links, provenance } = this;
    return new Dataset({ users, items, interactions, eventTypes, userFeatures, itemFeatures, links, provenance, ...parts });
  }

  /**
   * These interactions, then those of `added`, including repeats. Indices of this dataset stay valid in the new one. New users and items
   * bring their features; known ones keep theirs. If only one side has weights, rows of the other weigh 1.
   *
   * @throws RecoError `bad-input` if only one side has times, or feature columns differ in kind
   */
  append(added: Dataset | Iterable<InteractionRow>): Dataset {
    return new Dataset(appendParts(this, added instanceof Dataset ? added : Dataset.fromRows(added)));
  }
}

/** The number of each row's session or basket, in order of appearance. A row without one is a group of its own. */
function groups(rows: readonly InteractionRow[], of: (row: InteractionRow) => Id | undefined): Uint32Array {
  const codes = new Map<Id, number>();
  let next = 0;
  return Uint32Array.from(rows, (row) => {
    const id = of(row);
    if (id === undefined) return next++;
    let code = codes.get(id);
    if (code === undefined) {
      code = next++;
      codes.set(id, code);
    }
    return code;
  });
}

function contextOf(rows: readonly InteractionRow[]): FeatureTable {
  const values = rows.map((row) => row.context ?? {});
  return featureTable(schemaOfValues(values, "context"), values, "context");
}
