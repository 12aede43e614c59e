// @ts-check
// Evaluates a fitted ALS model with six metrics at 20, all items ranked: node evaluate.mjs DATA
import { evaluate } from "recobase";
import { als } from "recobase/models";
import { report, split, timed } from "./runner.mjs";

const [name] = process.argv.slice(2);
const data = await split(name);
const model = await als({ factors: 64 }).fit(data.train);
data.test.byUser();
const metrics = /** @type {const} */ (["precision", "recall", "hit-rate", "ndcg", "map", "mrr"]);
const { seconds, value } = await timed(() => evaluate([model], data, { k: 20, metrics }));
report({ seconds, ndcg: value.models[0].metrics["ndcg@20"].value });
