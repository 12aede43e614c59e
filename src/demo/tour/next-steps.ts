import { mkdir } from "node:fs/promises";
import type { Id } from "../../data/vocabulary.ts";
import { writeDataset } from "../../data/write.ts";
import type { ModelSpec } from "../../model/define-model.ts";
import type { Model } from "../../model/model.ts";
import { registry } from "../../models/index.gen.ts";
import type { Cinema } from "../../simulate/index.ts";
import type { Ink } from "../screen.ts";
import { castOf } from "./cast.ts";

/** Writes the viewings to a CSV file in `folder`, and returns commands to try on it. They can be run as they are. */
export async function nextSteps(parts: {
  readonly cinema: Cinema;
  /** The evaluated models. */
  readonly specs: readonly ModelSpec[];
  /** The model that made the lists. */
  readonly model: Model;
  /** The history of the anonymous visitor. */
  readonly history: readonly Id[];
  readonly folder: string;
  readonly ink: Ink;
}): Promise<string> {
  const { cinema, specs, model, history, folder, ink } = parts;
  await mkdir(folder, { recursive: true });
  const file = `${folder}/viewings.csv`;
  await writeDataset(cinema.data, file);
  const artifact = `${folder}/${model.name}.safetensors`;
  const [person] = castOf(cinema);
  const plain = specs.filter((spec) => changedOptions(spec).length === 0).map((spec) => spec.name);
  const settings = changedOptions(model).map((option) => ` --set ${option}`);
  const commands = [
    `npx recobase inspect ${file}`,
    `npx recobase evaluate ${file} --models ${plain.join(",")} --split leave-last --k 10`,
    `npx recobase train ${file} --model ${model.name}${settings.join("")} --out ${artifact}`,
    ...(person === undefined ? [] : [`npx recobase recommend ${artifact} --user ${person.id} --k 5`]),
    `npx recobase recommend ${artifact} --history "${history.join(",")}"`,
    `npx recobase similar ${artifact} --item ${history[0]}`,
  ];
  return [
    `\n${ink.bold("Try it")}  ${ink.dim(`The viewings are in ${file}.`)}`,
    ...commands.map((command) => `  ${ink.accent(command)}`),
  ].join("\n");
}

/** Options that differ from their default, in the form of `--set`. */
function changedOptions({ name, options }: Pick<ModelSpec, "name" | "options">): string[] {
  const specs = registry[name].definition.options;
  return Object.entries(options).flatMap(([option, value]) => (value === specs[option].default ? [] : [`${option}=${value}`]));
}
