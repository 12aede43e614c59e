import { registry } from "../../models/registry.gen.ts";
import { RecoError } from "../../util/errors.ts";
import { didYouMean } from "../../util/nearest-names.ts";

/** Whether there is such a model with such options. @throws RecoError `bad-config`, naming the path */
export function checkModel(model: string, options: Readonly<Record<string, number | string | boolean>>, path: string): void {
  if (!Object.hasOwn(registry, model))
    throw new RecoError("bad-config", `${path} names the model "${model}", which there is not.${didYouMean(model, Object.keys(registry))}`);
  try {
    registry[model](options);
  } catch (error) {
    throw new RecoError("bad-config", `${path}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}
