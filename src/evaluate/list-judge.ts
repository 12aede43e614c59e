import type { Catalog } from "../metrics/catalog.ts";
import type { ExposureMetric, JudgedList, ListMetric, Metric } from "../metrics/metric.ts";
import { NO_ITEM } from "../model/ranked-lists.ts";
import type { Groups } from "./segments.ts";
import type { Targets } from "./targets.ts";

/** Values per user, by column name; NaN for users without one. */
export type ValuesByColumn = Map<string, Float64Array>;

/** Judges one model's lists in blocks of users as they arrive, keeping one number per user, metric and k. */
export class ListJudge {
  /** For the whole lists. */
  readonly values: ValuesByColumn = new Map();
  /** For each group of items, as if only held-out items in that group were relevant. Accuracy metrics only. */
  readonly valuesByGroup: readonly ValuesByColumn[];
  /** Users with a list, and the number of them whose list was shorter than requested. */
  lists = 0;
  shortLists = 0;
  private readonly targets: Targets;
  private readonly catalog: Catalog;
  private readonly ks: readonly number[];
  private readonly itemGroups: Groups | undefined;
  private readonly measures: { readonly metric: ListMetric; readonly measure: (list: JudgedList, k: number) => number }[];
  private readonly exposureMetrics: ExposureMetric[];
  private readonly exposure: Uint32Array[];
  /** The row (plus 1) that an item is relevant to. */
  private readonly relevantTo: Uint32Array;
  private readonly hits: Uint8Array;
  private readonly part: Uint32Array;

  constructor(parts: {
    targets: Targets;
    catalog: Catalog;
    metrics: readonly Metric[];
    ks: readonly number[];
    itemGroups: Groups | undefined;
  }) {
    const { targets, catalog, metrics, ks, itemGroups } = parts;
    this.targets = targets;
    this.catalog = catalog;
    this.ks = ks;
    this.itemGroups = itemGroups;
    this.measures = metrics.flatMap((metric) => (metric.over === "list" ? [{ metric, measure: metric.measure(catalog) }] : []));
    this.exposureMetrics = metrics.flatMap((metric) => (metric.over === "exposure" ? [metric] : []));
    this.exposure = ks.map(() => new Uint32Array(catalog.items));
    this.relevantTo = new Uint32Array(catalog.items);
    this.hits = new Uint8Array(Math.max(...ks));
    this.part = new Uint32Array(catalog.items);
    const columns = (metric: ListMetric) =>
      ks.map((k) => [`${metric.name}@${k}`, new Float64Array(targets.users.length).fill(Number.NaN)] as const);
    for (const { metric } of this.measures) for (const [name, values] of columns(metric)) this.values.set(name, values);
    this.valuesByGroup = (itemGroups?.names ?? []).map(
      () => new Map(this.measures.flatMap(({ metric }) => (metric.accuracy ? columns(metric) : []))),
    );
  }

  /** @param items row-major lists of the users from row `from` on, `width` items each, padded with `NO_ITEM` */
  judge(from: number, rows: number, items: Uint32Array, width: number): void {
    const { relevant, history, users } = this.targets;
    for (let r = 0; r < rows; r++) {
      const row = from + r;
      const wanted = relevant.indices.subarray(relevant.offsets[row], relevant.offsets[row + 1]);
      if (wanted.length === 0) continue;
      let length = 0;
      while (length < width && items[r * width + length] !== NO_ITEM) length++;
      this.lists++;
      if (length < this.hits.length) this.shortLists++;
      const list = items.subarray(r * width, r * width + length);
      const known = history.indices.subarray(history.offsets[users[row]], history.offsets[users[row] + 1]);
      for (let i = 0; i < wanted.length; i++) this.relevantTo[wanted[i]] = row + 1;
      let found = 0;
      for (let i = 0; i < length; i++) {
        const hit = this.relevantTo[list[i]] === row + 1 ? 1 : 0;
        this.hits[i] = hit;
        found += hit;
      }
      const hits = this.hits.subarray(0, length);
      this.measure(row, { items: list, hits, relevant: wanted, history: known }, this.values);
      this.ks.forEach((k, i) => {
        const end = Math.min(k, length);
        for (let place = 0; place < end; place++) this.exposure[i][list[place]]++;
      });
      if (this.itemGroups !== undefined)
        this.judgeGroups(row, { items: list, hits, relevant: wanted, history: known }, found, this.itemGroups.group);
    }
  }

  /** One number for all lists, by column name. */
  exposureValues(): Map<string, number> {
    const values = new Map<string, number>();
    for (const metric of this.exposureMetrics)
      this.ks.forEach((k, i) => {
        values.set(`${metric.name}@${k}`, metric.measure(this.exposure[i], this.catalog));
      });
    return values;
  }

  private measure(row: number, list: JudgedList, into: ValuesByColumn): void {
    for (const { metric, measure } of this.measures)
      for (const k of this.ks) {
        const values = into.get(`${metric.name}@${k}`);
        if (values !== undefined) values[row] = measure(list, k);
      }
  }

  private judgeGroups(row: number, list: JudgedList, found: number, group: Uint8Array): void {
    for (let g = 0; g < this.valuesByGroup.length; g++) {
      let count = 0;
      for (const item of list.relevant) if (group[item] === g) this.part[count++] = item;
      if (count === 0) continue;
      const hits = found === 0 ? list.hits : list.hits.map((hit, i) => (group[list.items[i]] === g ? hit : 0));
      this.measure(row, { ...list, hits, relevant: this.part.subarray(0, count) }, this.valuesByGroup[g]);
    }
  }
}
