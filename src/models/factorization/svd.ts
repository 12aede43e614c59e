import { defineModel } from "../../model/define-model.ts";
import { float, int, linear, log } from "../../model/options.ts";
import { influence } from "./influence.ts";
import { embedRatings, fitRatings, penalties, type RatingState, ratingTargets } from "./rating-factors.ts";

/**
 * Biased matrix factorization for ratings ("SVD" of the Netflix Prize): predicts the rating that a user would give an item,
 *
 * `rating = mean + b_u + b_i + p_u·q_i`,
 *
 * with biases b and vectors p, q that minimize the squared error on the known ratings, plus `regularization (n + shrinkage)` times the squared
 * length of the vector and bias of each user or item with n ratings. Fitted by alternating least squares, with exact half-steps. Only items
 * are stored: b_u and p_u are computed from the ratings in a history, and are 0 without any.
 *
 * Cost: ratings · `factors`² per epoch, and few epochs. Use it to predict ratings. To rank items by what people choose, `als` and `ease` are
 * better, because which items people rate says more than how they rate them.
 *
 * Sources: Koren, Bell and Volinsky, "Matrix factorization techniques for recommender systems", 2009; Zhou, Wilkinson, Schreiber and Pan,
 * "Large-scale parallel collaborative filtering for the Netflix Prize", 2008.
 *
 * @example
 * ```ts
 * import { Dataset } from "recobase";
 * import { svd } from "recobase/models";
 *
 * const data = Dataset.fromRows([
 *   { user: "ann", item: "alien", weight: 5 }, { user: "ann", item: "heat", weight: 1 },
 *   { user: "bob", item: "alien", weight: 4 }, { user: "bob", item: "heat", weight: 2 },
 * ]);
 * const model = await svd({ factors: 2 }).fit(data);
 * model.predict({ user: "ann" }, "alien") > model.predict({ user: "ann" }, "heat"); // true
 * ```
 */
export const svd = defineModel({
  name: "svd",
  family: "factorization",
  predicts: "rating",
  options: {
    /** Length of the vectors. */
    factors: int(32, { min: 0, max: 1024, search: log(4, 128) }),
    /** Number of passes, each solving for all users and all items. */
    epochs: int(15, { min: 1, max: 1000, search: linear(5, 30) }),
    /** L2 penalty per rating of a user or item. */
    regularization: float(0.1, { min: 1e-9, search: log(0.01, 0.5) }),
    /** Added to the number of ratings of a user or item in its penalty: pulls those with few ratings toward the mean. */
    shrinkage: float(30, { min: 0, search: log(1, 200) }),
  },
  fit(data, options, context) {
    return fitRatings(data, options, context);
  },
  embed(state: RatingState, histories, out, options, { backend }) {
    embedRatings(state, histories.bag(), out, options, backend, false);
  },
  itemFactors({ dimensions, factors, bias }) {
    return { dimensions, factors, bias };
  },
  explain(state: RatingState, histories, item, out, options, { backend }) {
    const history = histories.bag();
    const { values: _, ...rows } = history;
    const [regularization] = penalties(history, options);
    const { factors, dimensions } = state;
    const targets = ratingTargets(state, history);
    influence(backend, { history: rows, item, factors, dimensions, regularization }).forEach((value, e) => {
      out[e] = value * targets[e];
    });
  },
  update(state: RatingState, data, _added, options, context) {
    return fitRatings(data, options, context, { start: state, epochs: Math.ceil(options.epochs / 3) });
  },
  updateTolerance: 0.3,
});
