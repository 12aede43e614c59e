import type { Csr } from "../data/csr.ts";
import { transposeCsr } from "../data/csr.ts";
import type { Dataset } from "../data/dataset.ts";
import type { FeatureColumn } from "../data/features.ts";
import { MISSING } from "../data/features.ts";
import { RecoError } from "../util/errors.ts";
import { didYouMean } from "../util/nearest-names.ts";

/** What metrics can know about the items, all from the training data. Each part is computed on first use. */
export class Catalog {
  private readonly train: Dataset;
  private readonly categoryColumn: string | undefined;
  private userCounts: Uint32Array | undefined;
  private order: Uint32Array | undefined;
  private byItem: Csr | undefined;
  private byCategory: Csr | undefined;

  /**
   * @param options.categories the item feature (type category or categories) for category metrics; by default the first one
   */
  constructor(train: Dataset, options: { categories?: string } = {}) {
    this.train = train;
    this.categoryColumn = options.categories;
  }

  /** Items in the vocabulary: everything that could be recommended, with or without training interactions. */
  get items(): number {
    return this.train.items.size;
  }

  get users(): number {
    return this.train.users.size;
  }

  /** The number of distinct training users of each item. */
  get popularity(): Uint32Array {
    if (this.userCounts) return this.userCounts;
    const counts = new Uint32Array(this.items);
    const { rows, offsets, indices } = this.train.byUser();
    for (let user = 0; user < rows; user++)
      for (let i = offsets[user]; i < offsets[user + 1]; i++)
        if (i === offsets[user] || indices[i] !== indices[i - 1]) counts[indices[i]]++;
    this.userCounts = counts;
    return counts;
  }

  /** Item indices by descending {@link popularity}, ties by index. */
  get mostPopular(): Uint32Array {
    const { popularity } = this;
    this.order ??= Uint32Array.from(popularity.keys()).sort((a, b) => popularity[b] - popularity[a] || a - b);
    return this.order;
  }

  /** Items as rows, their distinct training users as columns. */
  itemUsers(): Csr {
    this.byItem ??= distinct(transposeCsr(this.train.byUser()));
    return this.byItem;
  }

  /** Items as rows, their categories as columns; the row of an item without a category is empty. @throws RecoError `unsupported`, `bad-option` */
  itemCategories(): Csr {
    this.byCategory ??= distinct(categoryRows(this.findCategories(), this.items));
    return this.byCategory;
  }

  private findCategories(): CategoryColumn {
    const columns = Object.entries(this.train.itemFeatures);
    const usable = columns.filter(
      (entry): entry is [string, CategoryColumn] => entry[1].type === "category" || entry[1].type === "categories",
    );
    const names = usable.map(([name]) => name);
    const wanted = this.categoryColumn;
    const found = wanted === undefined ? usable[0] : usable.find(([name]) => name === wanted);
    if (found) return found[1];
    if (wanted !== undefined && names.length > 0)
      throw new RecoError(
        "bad-option",
        `There is no item feature "${wanted}" of type category or categories.${didYouMean(wanted, names)} Available: ${names.join(", ")}.`,
      );
    throw new RecoError("unsupported", "Category metrics need an item feature of type category or categories, but this dataset has none.");
  }
}

type CategoryColumn = Extract<FeatureColumn, { type: "category" | "categories" }>;

function categoryRows(column: CategoryColumn, items: number): Csr {
  if (column.type === "categories") {
    const { offsets, codes, names } = column;
    return { rows: items, columns: names.length, offsets, indices: codes, values: new Float32Array(codes.length).fill(1) };
  }
  const offsets = new Uint32Array(items + 1);
  for (let item = 0; item < items; item++) offsets[item + 1] = offsets[item] + (column.codes[item] === MISSING ? 0 : 1);
  const indices = column.codes.filter((code) => code !== MISSING);
  return { rows: items, columns: column.names.length, offsets, indices, values: new Float32Array(indices.length).fill(1) };
}

/** The same rows with distinct, ascending columns and all values 1. */
function distinct(matrix: Csr): Csr {
  const { rows, columns } = matrix;
  const offsets = new Uint32Array(rows + 1);
  const indices = new Uint32Array(matrix.indices.length);
  let end = 0;
  for (let row = 0; row < rows; row++) {
    const sorted = matrix.indices.slice(matrix.offsets[row], matrix.offsets[row + 1]).sort();
    for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) indices[end++] = sorted[i];
    offsets[row + 1] = end;
  }
  return { rows, columns, offsets, indices: indices.slice(0, end), values: new Float32Array(end).fill(1) };
}
