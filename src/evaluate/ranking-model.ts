import type { Model } from "../model/model.ts";

/** What evaluation needs of a fitted model; every {@link Model} has it. Without `needs` it is shown bags of items. */
export type RankingModel = Pick<Model, "name" | "family" | "options" | "predicts" | "items" | "rank" | "scores"> &
  Partial<Pick<Model, "needs" | "repeats">>;
