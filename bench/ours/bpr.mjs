// @ts-check
// Fits BPR and reports seconds per epoch: node bpr.mjs DATA FACTORS EPOCHS
import { bpr } from "recobase/models";
import { ndcg20, report, split, timed } from "./runner.mjs";

const [name, factors, epochs] = process.argv.slice(2);
const data = await split(name);
data.train.byUser();
// One negative per step, like the rival.
const options = { factors: Number(factors), epochs: Number(epochs), candidates: 1, learningRate: 0.05, regularization: 0.005 };
const { seconds, value } = await timed(() => bpr(options).fit(data.train));
report({ seconds: seconds / Number(epochs), ndcg: ndcg20(value, data) });
