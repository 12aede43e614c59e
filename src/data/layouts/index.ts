import type { Layout } from "./layout.ts";
import { lightgcn } from "./lightgcn.ts";
import { movielens1m } from "./movielens-1m.ts";
import { movielens100k } from "./movielens-100k.ts";
import { sasrec } from "./sasrec.ts";

/** Every layout that `loadDataset` accepts by name. */
export const layouts: readonly Layout[] = [movielens100k, movielens1m, lightgcn, sasrec];
