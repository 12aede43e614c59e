import type { Id } from "../../data/vocabulary.ts";
import type { RecommendOptions } from "../../model/model.ts";
import { RecoError } from "../../util/errors.ts";
import { defineCommand } from "../define-command.ts";
import { idList, wholeNumber } from "../flag-values.ts";
import { entryJson, listTable } from "../item-list.ts";
import { counted } from "../numbers.ts";
import { addOutputFlags, jsonText, type OutputFlags } from "../output.ts";
import { progressLine } from "../progress-line.ts";
import { addQueryFlags, momentOf, type QueryFlags, queriesOf, queryJson, queryWords } from "../query-flags.ts";
import { type Terminal, write } from "../terminal.ts";
import { checkWritable } from "../writing.ts";

interface Flags extends OutputFlags, QueryFlags {
  readonly k: number;
  readonly exclude?: readonly Id[];
  readonly candidates?: readonly Id[];
  readonly includeSeen?: true;
  readonly allUsers?: true;
  readonly out?: string;
}

/** `recobase recommend MODEL`: lists for users, for a history, or for all users into a file. */
export default defineCommand<Flags>({
  name: "recommend",
  description: "Recommend items for users or for a history",
  group: "Models",
  arguments: { "<model>": 'a file that "recobase train" wrote' },
  flags(command) {
    addQueryFlags(command)
      .option("--k <number>", "length of each list", wholeNumber(1), 10)
      .option("--exclude <items>", "never recommend these items: comma-separated ids, or a JSON array", idList)
      .option("--candidates <items>", "recommend only these items, in the same format", idList)
      .option("--include-seen", "recommend items of the history, too")
      .option("--all-users", "make lists for all users in the training data; needs --out")
      .option("--out <file>", "write the lists to a .csv, .tsv, .jsonl or .parquet file");
    addOutputFlags(command);
  },
  run: recommend,
});

async function recommend([path]: readonly string[], flags: Flags, terminal: Terminal): Promise<void> {
  if (flags.allUsers && flags.out === undefined)
    throw new RecoError("bad-input", "--all-users writes to a file: add --out recommendations.csv, for example.");
  if (flags.allUsers && (flags.user.length > 0 || flags.history))
    throw new RecoError("bad-input", "Pass only one of --all-users, --user and --history.");
  if (flags.out !== undefined) {
    const { recommendationFormat } = await import("../recommendation-file.ts");
    recommendationFormat(flags.out);
    await checkWritable([flags.out]);
  }
  const { loadModel } = await import("../../models/load-model.ts");
  const model = await loadModel(path);
  const queries = flags.allUsers ? model.users.ids.map((user) => ({ user, ...momentOf(model, flags.at) })) : queriesOf(flags, model);
  if (queries.length === 0) throw new RecoError("bad-input", "Missing user: pass --user ID, --history ITEMS or --all-users.");
  const { k, exclude, candidates, includeSeen = false } = flags;
  const options: RecommendOptions = { k, includeSeen, ...(exclude && { exclude }), ...(candidates && { candidates }) };

  if (flags.out !== undefined) {
    const { writeRecommendations } = await import("../recommendation-file.ts");
    const progress = progressLine(terminal, flags.quiet === true);
    const rows = await writeRecommendations(flags.out, model, queries, options, progress.report);
    progress.clear();
    if (flags.json)
      await write(terminal.output, jsonText("recommend-file@1", { model: model.name, k, file: flags.out, queries: queries.length, rows }));
    else if (!flags.quiet)
      await write(
        terminal.output,
        `Wrote ${counted(rows, "recommendation")} for ${counted(queries.length, flags.history ? "history" : "user")} to ${flags.out}.\n`,
      );
    return;
  }

  const lists = model.recommendBatch(queries, options);
  if (flags.json) {
    const results = queries.map((query, i) => ({ ...queryJson(query, model), items: lists[i].map((entry) => entryJson(entry, model)) }));
    return write(terminal.output, jsonText("recommend@1", { model: model.name, k, results }));
  }
  const blocks = queries.map(
    (query, i) => `For ${queryWords(query, model)}, from ${model.name}:\n\n${listTable(lists[i], model, terminal.width)}`,
  );
  await write(terminal.output, blocks.join("\n"));
}
