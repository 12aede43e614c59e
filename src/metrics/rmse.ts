import { defineMetric } from "./metric.ts";

/**
 * Root mean squared error of predicted ratings: sqrt(mean over held-out ratings of (predicted - actual)^2). On the scale of the ratings, 0 is
 * best. The mean is over ratings, not users, as in published results.
 *
 * Source: Herlocker, Konstan, Terveen and Riedl 2004.
 */
export const rmse = defineMetric({
  name: "rmse",
  over: "ratings",
  better: "lower",
  loss: (predicted, actual) => (predicted - actual) ** 2,
  finish: Math.sqrt,
});
