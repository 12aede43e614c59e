import type { Command } from "commander";
import type { ModelFactory, ModelSpec } from "../model/define-model.ts";
import { seesEntries } from "../model/needs.ts";
import { parseOption } from "../model/options.ts";
import { RecoError } from "../util/errors.ts";
import { didYouMean } from "../util/nearest-names.ts";
import { collect } from "./flag-values.ts";

type Registry = Readonly<Record<string, ModelFactory>>;

/** Adds `--set`. */
export function addSetFlag(command: Command, example: string): Command {
  return command.option(
    "--set <option=value>",
    `set a model option, such as ${example}; repeatable ("recobase models NAME" lists the options)`,
    collect,
    [],
  );
}

/** The model with that name. @throws RecoError `unknown-model` with similar names */
export function factoryOf(name: string, registry: Registry): ModelFactory {
  if (Object.hasOwn(registry, name)) return registry[name];
  throw new RecoError(
    "unknown-model",
    `There is no model "${name}".${didYouMean(name, Object.keys(registry))} Models: ${Object.keys(registry).join(", ")}.`,
  );
}

/** `--repeats`, for models that see the entries of a history as they came: keep them all unless the flag says otherwise. */
export function keepEntries<F extends { readonly repeats?: "last" | "sum" | "max" | "all" }>(
  flags: F,
  names: readonly string[],
  registry: Registry,
): F {
  const all = flags.repeats === undefined && names.some((name) => seesEntries(factoryOf(name, registry).definition.needs));
  return all ? { ...flags, repeats: "all" } : flags;
}

/** The default of `--repeats` in words. */
export const DEFAULT_REPEATS = "last; all for models that need order, times, sessions, baskets or behaviors";

/**
 * Models with the options set by `--set`: `als.factors=64` for the model als, or just `factors=64` if there is only one model.
 *
 * @throws RecoError `unknown-model`, `bad-option`, `bad-input`
 */
export function modelSpecs(names: readonly string[], settings: readonly string[], registry: Registry): ModelSpec[] {
  const factories = names.map((name) => factoryOf(name, registry));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new RecoError("bad-input", `The model ${twice} is listed twice.`);
  const options = new Map<string, Record<string, unknown>>(names.map((name) => [name, {}]));
  for (const setting of settings) {
    const { model, option, value } = parseSetting(setting, names);
    const own = options.get(model);
    if (own === undefined)
      throw new RecoError(
        "bad-input",
        `--set ${setting}: this command doesn't use the model ${model}, only ${names.join(", ")}.${didYouMean(model, names)}`,
      );
    const specs = factories[names.indexOf(model)].definition.options;
    // An unknown option keeps its text: resolving the options reports it, with similar names.
    own[option] = Object.hasOwn(specs, option) ? parseOption(`${model}.${option}`, specs[option], value) : value;
  }
  return factories.map((factory, i) => factory(options.get(names[i])));
}

function parseSetting(setting: string, names: readonly string[]): { model: string; option: string; value: string } {
  const match = /^(?:([^.=]+)\.)?([^.=]+)=(.*)$/s.exec(setting);
  if (match === null)
    throw new RecoError("bad-input", `--set ${setting}: use the form option=value or model.option=value, such as als.factors=64.`);
  const [, model, option, value] = match;
  if (model !== undefined) return { model, option, value };
  if (names.length > 1)
    throw new RecoError(
      "bad-input",
      `--set ${setting}: add the model it is for, as in MODEL.${option}=${value}. Models: ${names.join(", ")}.`,
    );
  return { model: names[0], option, value };
}
