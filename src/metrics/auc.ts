import { defineMetric } from "./metric.ts";

/**
 * Area under the ROC curve of one user: the probability that a held-out item scores above an item the user never touched, over all items
 * outside the history; ties count half. In [0, 1], 0.5 for a random order; the mean over users is often called GAUC. It weighs all ranks
 * equally, so it says little about the top of the list. Doesn't depend on k. NaN if there is nothing left to compare with.
 *
 * Needs the scores of all items for all users, so it is computed only if you ask for it.
 *
 * Source: Hanley and McNeil 1982; for recommenders Rendle et al. 2009.
 */
export const auc = defineMetric({
  name: "auc",
  over: "scores",
  better: "higher",
  measure: (scores, relevant, seen) => {
    const positives = Float32Array.from(relevant, (item) => scores[item]).sort();
    let ordered = 0;
    let negatives = 0;
    let nextRelevant = 0;
    let nextSeen = 0;
    for (let item = 0; item < scores.length; item++) {
      while (seen[nextSeen] < item) nextSeen++;
      if (relevant[nextRelevant] === item) nextRelevant++;
      else if (seen[nextSeen] !== item) {
        negatives++;
        ordered += countAbove(positives, scores[item]);
      }
    }
    return ordered / (negatives * positives.length);
  },
});

/** How many of the ascending values are above the score; equal ones count half. */
function countAbove(ascending: Float32Array, score: number): number {
  return ascending.length - (firstAt(ascending, score, false) + firstAt(ascending, score, true)) / 2;
}

/** The first position whose value is at least `score`, or (`after`) above it. */
function firstAt(ascending: Float32Array, score: number, after: boolean): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = ascending[middle];
    if (value > score || (!after && value === score)) high = middle;
    else low = middle + 1;
  }
  return low;
}
