// @ts-check
// Fits ALS: node als.mjs DATA FACTORS EPOCHS REGULARIZATION UNOBSERVED_WEIGHT
import { als } from "recobase/models";
import { ndcg20, report, split, timed } from "./runner.mjs";

const [name, factors, epochs, regularization, unobservedWeight] = process.argv.slice(2);
const data = await split(name);
data.train.byUser();
const { seconds, value } = await timed(() =>
  als({
    factors: Number(factors),
    epochs: Number(epochs),
    regularization: Number(regularization),
    unobservedWeight: Number(unobservedWeight),
  }).fit(data.train),
);
report({ seconds, ndcg: ndcg20(value, data) });
