import type { Dataset } from "../dataset.ts";
import type { FeatureTable } from "../features.ts";
import { readFiles } from "../readers/read-files.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { categoriesColumn, categoryColumn, numberColumn, rowsByIndex, textColumn, yearOf } from "./feature-columns.ts";
import { inFolder, type Layout, readTable, sourceOf } from "./layout.ts";

const FIRST_GENRE = 5;

/** MovieLens 100K (Harper and Konstan 2015): `u.data` (or `u1.base` and similar), with films in `u.item` and people in `u.user`. */
export const movielens100k: Layout = {
  name: "movielens-100k",
  about: "folder with u.data (user, item, rating, time; tabs), u.item, u.user",
  async load(source, options) {
    const { path, folder } = await inFolder(source, "u.data", this.name);
    const columns = { user: 0, item: 1, weight: 2, time: 3, delimiter: "\t", header: false };
    const data = await readFiles([await sourceOf(path)], { ...columns, ...options });
    return addFeatures(data, await itemFeatures(folder, data.items), await userFeatures(folder, data.users), this.name);
  },
};

/** Adds features to a dataset, and the layout to its provenance. */
export function addFeatures(data: Dataset, itemFeatures: FeatureTable, userFeatures: FeatureTable, layout: string): Dataset {
  const provenance = data.provenance.map((step) => (step.step === "load" ? { ...step, layout } : step));
  return data.with({ itemFeatures, userFeatures, provenance });
}

async function itemFeatures(folder: string, items: Vocabulary): Promise<FeatureTable> {
  const table = await readTable(`${folder}/u.item`, "|", "latin1");
  if (table === undefined) return {};
  const names = (await readTable(`${folder}/u.genre`, "|", "latin1"))?.map(([name]) => name);
  const rows = rowsByIndex(items, table);
  const genres = names ?? table[0].slice(FIRST_GENRE).map((_, i) => `genre ${i}`);
  return {
    title: textColumn(rows, 1),
    year: numberColumn(rows, (row) => yearOf(row[1])),
    genres: categoriesColumn(rows, (row) => genres.filter((_, i) => row[FIRST_GENRE + i] === "1"), genres),
  };
}

async function userFeatures(folder: string, users: Vocabulary): Promise<FeatureTable> {
  const table = await readTable(`${folder}/u.user`, "|", "latin1");
  if (table === undefined) return {};
  const rows = rowsByIndex(users, table);
  return {
    age: numberColumn(rows, (row) => Number(row[1])),
    gender: categoryColumn(rows, (row) => row[2]),
    occupation: categoryColumn(rows, (row) => row[3]),
    zip: categoryColumn(rows, (row) => row[4]),
  };
}
