import { defineMetric, hitsWithin } from "./metric.ts";

/**
 * Capped recall at k: hits divided by the maximum possible, hits / min(k, |T|), with T the held-out items. In [0, 1]; every user can reach 1.
 * This is the "Recall@k" of Liang et al. 2018 and of the variational autoencoder papers that followed; the other definition is `recall`.
 *
 * Source: Liang, Krishnan, Hoffman and Jebara 2018; the name is from Thakur et al. 2021 (BEIR).
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
