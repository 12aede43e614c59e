import type { Explanation, Model, Reason } from "../../model/model.ts";
import { RecoError } from "../../util/errors.ts";
import { table } from "../../util/table.ts";
import { defineCommand } from "../define-command.ts";
import { collect, wholeNumber } from "../flag-values.ts";
import { entryJson, itemJson, itemWords } from "../item-list.ts";
import { count, decimal, percent, shortScore } from "../numbers.ts";
import { addOutputFlags, jsonText, type OutputFlags } from "../output.ts";
import { addQueryFlags, type QueryFlags, queriesOf, queryJson, queryWords } from "../query-flags.ts";
import { type Terminal, write } from "../terminal.ts";

interface Flags extends OutputFlags, QueryFlags {
  readonly item: readonly string[];
  readonly k: number;
}

/** How many items are explained without `--item`. */
const TOP = 3;

/** `recobase explain MODEL`: how much each item of a history contributes to the score of an item. */
export default defineCommand<Flags>({
  name: "explain",
  description: "Show how much each item of the history contributes to a recommendation",
  group: "Models",
  arguments: { "<model>": 'a file that "recobase train" wrote' },
  flags(command) {
    addQueryFlags(command)
      .option("--item <id>", `an item to explain; repeatable (default: the top ${TOP} recommendations)`, collect, [])
      .option("--k <number>", "reasons to show per item", wholeNumber(1), 5);
    addOutputFlags(command);
  },
  run: explain,
});

async function explain([path]: readonly string[], flags: Flags, terminal: Terminal): Promise<void> {
  const { loadModel } = await import("../../models/load-model.ts");
  const model = await loadModel(path);
  const reasonsFor = model.explain;
  if (reasonsFor === undefined)
    throw new RecoError("unsupported", `${model.name} can't explain its scores. Use a model that can, such as item-knn or ease.`);
  const queries = queriesOf(flags, model);
  if (queries.length === 0) throw new RecoError("bad-input", "Missing user: pass --user ID or --history ITEMS.");
  const named = flags.item.map((id) => model.items.id(model.items.require(id)));
  const answers = queries.map((query) => {
    const items = named.length > 0 ? named : model.recommend(query, { k: TOP }).map(({ item }) => item);
    return { query, explanations: items.map((item) => reasonsFor(query, item)) };
  });
  if (flags.json) {
    const results = answers.map(({ query, explanations }) => ({
      ...queryJson(query, model),
      items: explanations.map(({ item, score, reasons }) => ({
        ...entryJson({ item, score }, model),
        reasons: reasons
          .slice(0, flags.k)
          .map((reason) => ({ ...itemJson(reason.item, model), contribution: shortScore(reason.contribution) })),
      })),
    }));
    return write(terminal.output, jsonText("explain@1", { model: model.name, results }));
  }
  const blocks = answers.map(({ query, explanations }) => {
    const items = explanations.map((explanation) => explanationText(explanation, model, flags.k, terminal.width));
    return `For ${queryWords(query, model)}, from ${model.name}:\n\n${items.join("\n")}`;
  });
  await write(terminal.output, blocks.join("\n"));
}

function explanationText({ item, score, reasons }: Explanation, model: Model, k: number, width: number): string {
  const head = `  ${itemWords(item, model)}${model.titles ? ` [${item}]` : ""}, score ${decimal(score)}\n`;
  if (reasons.every(({ contribution }) => contribution === 0))
    return `${head}    ${reasons.length === 0 ? "the history is empty" : "no item of the history contributes to it"}\n`;
  // Shares of a score at or below zero would be misleading.
  const share = (part: number) => (score > 0 ? percent(part / score) : "");
  const row = (words: string, part: number) => [words, `${part < 0 ? "" : "+"}${decimal(part)}`, share(part)];
  const rows = reasons.slice(0, k).map((reason) => row(`because of ${itemWords(reason.item, model)}`, reason.contribution));
  const sum = (some: readonly Reason[]) => some.reduce((total, { contribution }) => total + contribution, 0);
  if (reasons.length > k) rows.push(row(`${count(reasons.length - k)} more`, sum(reasons.slice(k))));
  // The part of the score that is the same for every history, such as a mean rating.
  const rest = score - sum(reasons);
  if (Math.abs(rest) > 0.01 * Math.abs(score)) rows.push(row("independent of the history", rest));
  return (
    head +
    table(
      [
        { head: "", shrinks: true },
        { head: "", align: "right" },
        { head: "", align: "right" },
      ],
      rows,
      width,
      "    ",
    )
  );
}
