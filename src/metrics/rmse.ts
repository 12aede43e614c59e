import { defineMetric } from "./metric.ts";

/**
 * Root mean squared error of predicted ratings: sqrt(mean over withheld ratings of (predicted - actual)^2). On the scale of the ratings, 0
 * at best. The mean is over ratings, not users, as published figures have it.
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
