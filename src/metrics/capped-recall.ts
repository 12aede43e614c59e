import { defineMetric, hitsWithin } from "./metric.ts";

/**
 * Capped recall at k: hits over the most hits possible, hits / min(k, |T|) with T the withheld items. In [0, 1], and 1 is within reach of
 * every user. This is the "Recall@k" of Liang et al. 2018 and of the variational autoencoder papers after it; the other definition is
 * `recall`.
 *
 * Source: Liang, Krishnan, Hoffman and Jebara 2018; the name from Thakur et al. 2021 (BEIR).
 */
export const cappedRecall = defineMetric({
  name: "capped-recall",
  over: "list",
  better: "higher",
  accuracy: true,
  measure:
    () =>
    ({ hits, relevant }, k) =>
      hitsWithin(hits, k) / Math.min(k, relevant.length),
});
