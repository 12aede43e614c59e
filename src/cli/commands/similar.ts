import { RecoError } from "../../util/errors.ts";
import { defineCommand } from "../define-command.ts";
import { collect, wholeNumber } from "../flag-values.ts";
import { entryJson, itemJson, itemWords, listTable } from "../item-list.ts";
import { addOutputFlags, jsonText, type OutputFlags } from "../output.ts";
import { type Terminal, write } from "../terminal.ts";

interface Flags extends OutputFlags {
  readonly item: readonly string[];
  readonly k: number;
}

/** `recobase similar MODEL --item ID`: the most similar items. */
export default defineCommand<Flags>({
  name: "similar",
  description: "Find the items most similar to an item",
  group: "Models",
  arguments: { "<model>": 'a file that "recobase train" wrote' },
  flags(command) {
    command.requiredOption("--item <id>", "item id; repeatable", collect).option("--k <number>", "length of the list", wholeNumber(1), 10);
    addOutputFlags(command);
  },
  run: similar,
});

async function similar([path]: readonly string[], { item, k, json }: Flags, terminal: Terminal): Promise<void> {
  const { loadModel } = await import("../../models/load-model.ts");
  const model = await loadModel(path);
  const { similar } = model;
  if (similar === undefined)
    throw new RecoError("unsupported", `${model.name} can't find similar items. Use a model that can, such as item-knn, ease or als.`);
  const answers = item.map((text) => {
    const id = model.items.id(model.items.require(text));
    return { item: id, items: similar(id, { k }) };
  });
  if (json) {
    const results = answers.map(({ item: id, items }) => ({
      ...itemJson(id, model),
      items: items.map((entry) => entryJson(entry, model)),
    }));
    return write(terminal.output, jsonText("similar@1", { model: model.name, k, results }));
  }
  const blocks = answers.map(({ item: id, items }) => {
    const list =
      items.length === 0 ? "  none: no other item shares a user with it\n" : listTable(items, model, terminal.width, "similarity");
    return `Most similar to ${itemWords(id, model)}, from ${model.name}:\n\n${list}`;
  });
  await write(terminal.output, blocks.join("\n"));
}
