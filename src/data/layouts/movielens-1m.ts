import type { FeatureTable } from "../features.ts";
import { readFiles } from "../readers/read-files.ts";
import { plainOrGzip } from "../readers/sources.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { categoriesColumn, categoryColumn, numberColumn, rowsByIndex, textColumn, yearOf } from "./feature-columns.ts";
import { inFolder, type Layout, readTable, sourceOf } from "./layout.ts";
import { addFeatures } from "./movielens-100k.ts";

const OCCUPATIONS = [
  ..."other|academic/educator|artist|clerical/admin|college/grad student|customer service|doctor/health care|executive/managerial".split(
    "|",
  ),
  ..."farmer|homemaker|K-12 student|lawyer|programmer|retired|sales/marketing|scientist|self-employed|technician/engineer".split("|"),
  ..."tradesman/craftsman|unemployed|writer".split("|"),
];

/** MovieLens 1M (Harper and Konstan 2015): `ratings.dat`, with films in `movies.dat` and people in `users.dat`. */
export const movielens1m: Layout = {
  name: "movielens-1m",
  about: "folder with ratings.dat (user::item::rating::time), movies.dat, users.dat",
  async load(source, options) {
    // Some copies of this data set are CSV files with a header.
    const csv = (await plainOrGzip(`${source}/ratings.dat`)) === undefined && (await plainOrGzip(`${source}/ratings.csv`)) !== undefined;
    const { path, folder } = await inFolder(source, csv ? "ratings.csv" : "ratings.dat", this.name);
    const columns = /\.csv(\.gz)?$/i.test(path) ? {} : { user: 0, item: 1, weight: 2, time: 3, delimiter: "::", header: false };
    const data = await readFiles([await sourceOf(path)], { ...columns, ...options });
    return addFeatures(data, await itemFeatures(folder, data.items), await userFeatures(folder, data.users), this.name);
  },
};

async function itemFeatures(folder: string, items: Vocabulary): Promise<FeatureTable> {
  const table = await readTable(`${folder}/movies.dat`, "::", "latin1");
  if (table === undefined) return {};
  const rows = rowsByIndex(items, table);
  return {
    title: textColumn(rows, 1),
    year: numberColumn(rows, (row) => yearOf(row[1])),
    genres: categoriesColumn(rows, (row) => row[2].split("|")),
  };
}

async function userFeatures(folder: string, users: Vocabulary): Promise<FeatureTable> {
  const table = await readTable(`${folder}/users.dat`, "::", "latin1");
  if (table === undefined) return {};
  const rows = rowsByIndex(users, table);
  return {
    gender: categoryColumn(rows, (row) => row[1]),
    /** The lower end of an age group: 1 (under 18), 18, 25, 35, 45, 50, 56. */
    age: numberColumn(rows, (row) => Number(row[2])),
    occupation: categoryColumn(rows, (row) => OCCUPATIONS[Number(row[3])] ?? row[3]),
    zip: categoryColumn(rows, (row) => row[4]),
  };
}
