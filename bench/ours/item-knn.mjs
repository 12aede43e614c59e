// @ts-check
// Fits ItemKNN with cosine and 100 neighbors: node item-knn.mjs DATA
import { itemKnn } from "recobase/models";
import { ndcg20, report, split, timed } from "./runner.mjs";

const [name] = process.argv.slice(2);
const data = await split(name);
data.train.byUser();
const { seconds, value } = await timed(() => itemKnn({ neighbors: 100, similarity: "cosine", shrink: 0 }).fit(data.train));
report({ seconds, ndcg: ndcg20(value, data) });
