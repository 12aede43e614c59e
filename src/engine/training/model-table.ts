import { fileURLToPath, pathToFileURL } from "node:url";
import type { ModelFactory } from "../../model/define-model.ts";
import type { Need } from "../../model/needs.ts";
import { registry } from "../../models/registry.gen.ts";
import { RecoError } from "../../util/errors.ts";
import { didYouMean } from "../../util/nearest-names.ts";

/** The models an engine knows, by name: the built-in ones and your own. */
export type ModelTable = Readonly<Record<string, ModelFactory>>;

export const builtInModels: ModelTable = registry;

/** @throws RecoError `unknown-model` */
export function modelNamed(models: ModelTable, name: string): ModelFactory {
  if (Object.hasOwn(models, name)) return models[name];
  throw new RecoError("unknown-model", `Unknown model ${JSON.stringify(name)}. Pass the module that defines it to openEngine({ models }).`);
}

/**
 * The built-in models, and those that the modules export. They are passed as modules, not functions, because fits run in another thread or
 * process, which imports them again.
 *
 * @param modules file URLs or absolute paths, JavaScript or TypeScript
 * @throws RecoError `bad-config` if a module can't be loaded, exports no model, or uses a name that is taken
 */
export async function loadModelTable(modules: readonly (string | URL)[]): Promise<ModelTable> {
  const table: Record<string, ModelFactory> = { ...builtInModels };
  for (const module of modules) {
    if (typeof module !== "string" && !(module instanceof URL))
      throw new RecoError(
        "bad-config",
        'models takes modules, not models: pass the URL of the file that exports yours, such as new URL("./my-model.ts", import.meta.url).',
      );
    const url = moduleUrl(module);
    const found = Object.values(await importModule(url)).filter(isFactory);
    if (found.length === 0) throw new RecoError("bad-config", `${url} exports no model. Export what defineModel(…) returns.`);
    for (const factory of found) {
      const { name } = factory.definition;
      if (Object.hasOwn(table, name) && table[name] !== factory)
        throw new RecoError("bad-config", `${url} defines the model "${name}", but that name is taken. Choose another one.`);
      table[name] = factory;
    }
  }
  return table;
}

/** The URL from which any thread or process on this machine can import a module. */
export function moduleUrl(module: string | URL): string {
  const text = String(module);
  return /^(file|data|node):/.test(text) ? text : pathToFileURL(text).href;
}

async function importModule(url: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    // jiti, because Node 20 can't load TypeScript.
    if (!/\.[cm]?ts$/.test(url) || (process.features as { typescript?: unknown }).typescript) return await import(url);
    const { createJiti } = await import("jiti");
    return await createJiti(import.meta.url).import(fileURLToPath(url));
  } catch (cause) {
    throw new RecoError("bad-config", `Could not load models from ${url}. ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

function isFactory(value: unknown): value is ModelFactory {
  return typeof value === "function" && typeof (value as Partial<ModelFactory>).definition?.name === "string";
}

/** What models of a project can need. */
const SUPPLIED: readonly Need[] = ["order", "times", "behaviors", "itemFeatures", "userFeatures"];

/** Checks that a model exists, needs nothing the server lacks, and accepts these options. @throws RecoError `bad-config`, naming the path */
export function checkModel(
  models: ModelTable,
  model: string,
  options: Readonly<Record<string, number | string | boolean>>,
  path: string,
): void {
  if (!Object.hasOwn(models, model))
    throw new RecoError("bad-config", `${path} names an unknown model, "${model}".${didYouMean(model, Object.keys(models))}`);
  const needs = (models[model].definition.needs ?? []).filter((need) => !SUPPLIED.includes(need));
  if (needs.length > 0)
    throw new RecoError(
      "bad-config",
      `${path}: ${model} needs ${needs.join(" and ")}, which the server doesn't supply to models. It supplies ${SUPPLIED.join(", ")}.`,
    );
  try {
    models[model](options);
  } catch (error) {
    throw new RecoError("bad-config", `${path}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}
