import type { Backend } from "../kernel/backend.ts";
import { readModel } from "../model/artifact.ts";
import type { ModelFactory } from "../model/define-model.ts";
import { Model } from "../model/model.ts";
import { RecoError } from "../util/errors.ts";
import { registry } from "./registry.gen.ts";

export interface LoadModelOptions {
  /** Your own models, made with `defineModel`. */
  readonly models?: readonly ModelFactory[];
  readonly backend?: Backend;
}

/**
 * Loads a model that {@link Model.save} wrote.
 *
 * @throws RecoError `not-found`, `bad-artifact`, `unknown-model`
 */
export async function loadModel(path: string, { models = [], backend }: LoadModelOptions = {}): Promise<Model> {
  const { name, version, ...artifact } = await readModel(path);
  const factory = models.find((model) => model.definition.name === name) ?? (Object.hasOwn(registry, name) ? registry[name] : undefined);
  if (factory === undefined)
    throw new RecoError(
      "unknown-model",
      `${path} contains the model "${name}" (written by RecoBase ${version}), which is not known here. If it is your own, pass it in \`models\`.`,
    );
  return new Model({ ...artifact, definition: factory.definition, backend });
}
