// @ts-check
// Fits EASE: node ease.mjs DATA
import { ease } from "recobase/models";
import { ndcg20, report, split, timed } from "./runner.mjs";

const [name] = process.argv.slice(2);
const data = await split(name);
data.train.byUser();
const { seconds, value } = await timed(() => ease({ regularization: 500 }).fit(data.train));
report({ seconds, ndcg: ndcg20(value, data) });
