// Made by scripts/generate.mjs. Do not edit.

import { auc } from "./auc.ts";
import { averagePopularity } from "./average-popularity.ts";
import { calibration } from "./calibration.ts";
import { cappedRecall } from "./capped-recall.ts";
import { categoryDiversity } from "./category-diversity.ts";
import { coverage } from "./coverage.ts";
import { diversity } from "./diversity.ts";
import { gini } from "./gini.ts";
import { hitRate } from "./hit-rate.ts";
import { mae } from "./mae.ts";
import { map } from "./map.ts";
import { mrr } from "./mrr.ts";
import { ndcg } from "./ndcg.ts";
import { novelty } from "./novelty.ts";
import { precision } from "./precision.ts";
import { recall } from "./recall.ts";
import { rmse } from "./rmse.ts";
import { serendipity } from "./serendipity.ts";

export { auc, averagePopularity, calibration, cappedRecall, categoryDiversity, coverage, diversity, gini, hitRate, mae, map, mrr, ndcg, novelty, precision, recall, rmse, serendipity };

/** Every metric, by its name. */
export const metrics = {
  auc,
  "average-popularity": averagePopularity,
  calibration,
  "capped-recall": cappedRecall,
  "category-diversity": categoryDiversity,
  coverage,
  diversity,
  gini,
  "hit-rate": hitRate,
  mae,
  map,
  mrr,
  ndcg,
  novelty,
  precision,
  recall,
  rmse,
  serendipity,
} as const;
