// Made by scripts/generate.mjs. Do not edit.

export { als } from "./factorization/als.ts";
export { bpr } from "./factorization/bpr.ts";
export { ease } from "./linear/ease.ts";
export { itemKnn } from "./knn/item-knn.ts";
export { popularity } from "./popularity/popularity.ts";
export { random } from "./popularity/random.ts";
export { rp3beta } from "./graph/rp3beta.ts";
export { sparseEase } from "./linear/sparse-ease.ts";
export { svd } from "./factorization/svd.ts";
export { svdpp } from "./factorization/svdpp.ts";
export { twoHopFilter } from "./graph/two-hop-filter.ts";
export { userKnn } from "./knn/user-knn.ts";
export { registry } from "./registry.gen.ts";
