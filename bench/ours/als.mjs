// @ts-check
// Fits ALS: node als.mjs DATA FACTORS EPOCHS
import { als } from "recobase/models";
import { ndcg20, report, split, timed } from "./runner.mjs";

const [name, factors, epochs] = process.argv.slice(2);
const data = await split(name);
data.train.byUser();
data.train.byItem();
const { seconds, value } = await timed(() => als({ factors: Number(factors), epochs: Number(epochs) }).fit(data.train));
report({ seconds, ndcg: ndcg20(value, data) });
