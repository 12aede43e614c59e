import type { Command } from "commander";
import { RecoError } from "../../util/errors.ts";
import { collect, wholeNumber } from "../flag-values.ts";
import { jsonText } from "../json-document.ts";
import { addOutputFlags, type OutputFlags } from "../output-flags.ts";
import { itemWords } from "../query-flags.ts";
import { type Terminal, write } from "../terminal.ts";
import { entryJson, itemJson, listTable } from "./recommend.ts";

interface Flags extends OutputFlags {
  readonly item: readonly string[];
  readonly k: number;
}

/** `recobase similar MODEL --item ID`: the most alike items. */
export function addSimilar(program: Command, terminal: Terminal): void {
  const command = program
    .command("similar")
    .description("The items most alike to one")
    .argument("<model>", 'a file that "recobase train" wrote')
    .requiredOption("--item <id>", "an item; repeatable", collect)
    .option("--k <number>", "length of the list", wholeNumber(1), 10);
  addOutputFlags(command).action((path: string, flags: Flags) => similar(path, flags, terminal));
}

async function similar(path: string, { item, k, json }: Flags, terminal: Terminal): Promise<void> {
  const { loadModel } = await import("../../models/load-model.ts");
  const model = await loadModel(path);
  const { similar } = model;
  if (similar === undefined)
    throw new RecoError("unsupported", `${model.name} cannot tell which items are alike; item-knn, ease and als can.`);
  const answers = item.map((text) => {
    const id = model.items.id(model.items.require(text));
    return { item: id, items: similar(id, { k }) };
  });
  if (json) {
    const results = answers.map(({ item: id, items }) => ({
      ...itemJson(id, model),
      items: items.map((entry) => entryJson(entry, model)),
    }));
    return write(terminal.output, jsonText("similar", { model: model.name, k, results }));
  }
  const blocks = answers.map(({ item: id, items }) => {
    const list =
      items.length === 0 ? "  nothing: no other item shares a user with it\n" : listTable(items, model, terminal.width, "similarity");
    return `Most like ${itemWords(id, model)}, by ${model.name}:\n\n${list}`;
  });
  await write(terminal.output, blocks.join("\n"));
}
