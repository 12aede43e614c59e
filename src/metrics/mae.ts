import { defineMetric } from "./metric.ts";

/**
 * Mean absolute error of predicted ratings: mean over held-out ratings of |predicted - actual|. On the scale of the ratings, 0 is best.
 *
 * Source: Herlocker, Konstan, Terveen and Riedl 2004.
 */
export const mae = defineMetric({
  name: "mae",
  over: "ratings",
  better: "lower",
  loss: (predicted, actual) => Math.abs(predicted - actual),
  finish: (meanLoss) => meanLoss,
});
