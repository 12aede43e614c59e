import type { OptionSpec } from "../../model/options.ts";
import { wrap } from "../../util/table.ts";
import { defineCommand } from "../define-command.ts";
import { factoryOf } from "../model-flags.ts";
import { addOutputFlags, jsonText, type OutputFlags } from "../output.ts";
import { type Terminal, write } from "../terminal.ts";

/** `recobase models [NAME]`: lists the models, or shows one with its options. */
export default defineCommand<OutputFlags>({
  name: "models",
  description: "List the models, or show one with its options",
  group: "Models",
  arguments: { "[name]": "name of a model" },
  flags: addOutputFlags,
  run: ([name], flags, terminal) => (name === undefined ? listModels(flags, terminal) : showModel(name, flags, terminal)),
});

async function listModels({ json }: OutputFlags, terminal: Terminal): Promise<void> {
  const { registry } = await import("../../models/registry.gen.ts");
  const { documentation } = await import("../../models/documentation.gen.ts");
  const models = Object.values(registry)
    .map(({ definition }) => ({
      name: definition.name,
      family: definition.family,
      predicts: definition.predicts ?? "ranking",
      needs: definition.needs ?? [],
      summary: documentation[definition.name]?.summary ?? "",
    }))
    .sort((a, b) => (a.family === b.family ? compare(a.name, b.name) : compare(a.family, b.family)));
  if (json) return write(terminal.output, jsonText("models@1", { models }));
  const names = Math.max(...models.map(({ name }) => name.length));
  const indent = " ".repeat(names + 4);
  const blocks = models.map(({ name, family, summary }, i) => {
    const heading = family === models[i - 1]?.family ? "" : `${i === 0 ? "" : "\n"}${family}\n`;
    return `${heading}  ${name.padEnd(names)}  ${wrap(plain(summary), terminal.width - indent.length, indent)}\n`;
  });
  await write(terminal.output, `${blocks.join("")}\n"recobase models NAME" shows a model and its options.\n`);
}

async function showModel(name: string, { json }: OutputFlags, terminal: Terminal): Promise<void> {
  const { registry } = await import("../../models/registry.gen.ts");
  const { documentation } = await import("../../models/documentation.gen.ts");
  const { definition } = factoryOf(name, registry);
  const words = documentation[name] ?? { summary: "", text: "", options: {} };
  const specs = Object.entries(definition.options) as [string, OptionSpec<unknown>][];
  const can = {
    similar: Boolean(definition.similar ?? definition.itemToItem ?? definition.itemFactors),
    explain: Boolean(definition.explain ?? definition.itemToItem),
    update: Boolean(definition.update),
    extend: Boolean(definition.extend),
  };
  if (json) {
    const options = specs.map(([option, { type, default: value, min, max, values }]) => ({
      name: option,
      type,
      default: value,
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
      ...(values && { values }),
      description: words.options[option] ?? "",
    }));
    const { family, predicts = "ranking", needs = [] } = definition;
    return write(
      terminal.output,
      jsonText("model@1", { name, family, predicts, needs, summary: words.summary, description: words.text, can, options }),
    );
  }
  const { width } = terminal;
  const paragraphs = plain(words.text || words.summary)
    .split(/\n{2,}/)
    .map((paragraph) => wrap(paragraph.trim(), width));
  const abilities = ["recommend", ...Object.entries(can).flatMap(([verb, there]) => (there ? [verb] : []))];
  const blocks = specs.map(([option, spec]) => {
    const text = plain(words.options[option] ?? "");
    return `  ${option} = ${String(spec.default)}  (${rangeOf(spec)})${text ? `\n      ${wrap(text, width - 6, "      ")}` : ""}`;
  });
  const needs = definition.needs?.length ? `Needs: ${definition.needs.join(", ")}.\n\n` : "";
  const options =
    blocks.length === 0
      ? "No options.\n"
      : `Options and defaults (change one with --set ${specs[0][0]}=${String(specs[0][1].default)}):\n\n${blocks.join("\n")}\n`;
  await write(
    terminal.output,
    `${name} (${definition.family})\n\n${paragraphs.join("\n\n")}\n\nSupports: ${abilities.join(", ")}.\n\n${needs}${options}`,
  );
}

function rangeOf({ type, min, max, values }: OptionSpec<unknown>): string {
  if (type === "choice") return `one of ${(values ?? []).join(", ")}`;
  if (type === "boolean") return "true or false";
  const kind = type === "int" ? "whole number" : "number";
  if (min !== undefined && max !== undefined) return `${kind}, ${min} to ${max}`;
  return min !== undefined ? `${kind}, at least ${min}` : max !== undefined ? `${kind}, at most ${max}` : kind;
}

/** Markdown as plain text: links without addresses, no marks for code or emphasis. */
function plain(markdown: string): string {
  return markdown
    .replace(/```[\s\S]*?```/g, "")
    .replace(/\{@link\s+([^}|\s]+)[^}]*\}/g, "$1")
    .replace(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replace(/\*\*([^*]+)\*\*/g, "$1")
    .replace(/`([^`]+)`/g, "$1");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
