// Made by scripts/generate.mjs. Do not edit.

import type { ModelFactory } from "../model/define-model.ts";
import { als } from "./factorization/als.ts";
import { bpr } from "./factorization/bpr.ts";
import { ease } from "./linear/ease.ts";
import { itemKnn } from "./knn/item-knn.ts";
import { popularity } from "./popularity/popularity.ts";
import { random } from "./popularity/random.ts";
import { rp3beta } from "./graph/rp3beta.ts";
import { sparseEase } from "./linear/sparse-ease.ts";
import { svd } from "./factorization/svd.ts";
import { svdpp } from "./factorization/svdpp.ts";
import { twoHopFilter } from "./graph/two-hop-filter.ts";
import { userKnn } from "./knn/user-knn.ts";

/** Every model, by its name. */
export const registry: Readonly<Record<string, ModelFactory>> = {
  als,
  bpr,
  ease,
  "item-knn": itemKnn,
  popularity,
  random,
  rp3beta,
  "sparse-ease": sparseEase,
  svd,
  svdpp,
  "two-hop-filter": twoHopFilter,
  "user-knn": userKnn,
};
