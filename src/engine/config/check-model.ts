import { RecoError } from "../../util/errors.ts";
import { didYouMean } from "../../util/nearest-names.ts";
import type { ModelTable } from "../training/model-table.ts";
import type { ServerConfig } from "./config.ts";

/** Checks that a model exists and accepts these options. @throws RecoError `bad-config`, naming the path */
export function checkModel(
  models: ModelTable,
  model: string,
  options: Readonly<Record<string, number | string | boolean>>,
  path: string,
): void {
  if (!Object.hasOwn(models, model))
    throw new RecoError("bad-config", `${path} names an unknown model, "${model}".${didYouMean(model, Object.keys(models))}`);
  try {
    models[model](options);
  } catch (error) {
    throw new RecoError("bad-config", `${path}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

/** Checks the models named in `training.models`. @throws RecoError `bad-config`, naming the path */
export function checkTrainingModels({ projects, ...top }: ServerConfig, models: ModelTable): void {
  for (const [path, project] of [
    ["", top] as const,
    ...Object.entries(projects ?? {}).map(([name, own]) => [`projects.${name}.`, own] as const),
  ])
    for (const [i, entry] of (project.training?.models ?? []).entries()) {
      const { model, options = {} } = typeof entry === "string" ? { model: entry } : entry;
      checkModel(models, model, options, `${path}training.models[${i}]`);
    }
}
