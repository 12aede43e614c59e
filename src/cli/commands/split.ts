import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Option } from "commander";
import type { Dataset } from "../../data/dataset.ts";
import type { Split } from "../../data/split.ts";
import { table } from "../../util/table.ts";
import { addDataFlags, type DataFlags, readData } from "../data-flags.ts";
import { defineCommand } from "../define-command.ts";
import { count } from "../numbers.ts";
import { addOutputFlags, jsonText, type OutputFlags } from "../output.ts";
import { progressLine } from "../progress-line.ts";
import { addSplitFlags, checkSplitFlags, cutData, type SplitFlags } from "../split-flags.ts";
import { type Terminal, write } from "../terminal.ts";
import { writeDatasets } from "../writing.ts";

const endings = ["csv", "tsv", "jsonl", "csv.gz", "tsv.gz", "jsonl.gz", "parquet"] as const;

interface Flags extends OutputFlags, DataFlags, SplitFlags {
  readonly out: string;
  readonly as: (typeof endings)[number];
}

interface Part {
  /** Such as `train`, or `fold-2-test`. */
  readonly part: string;
  readonly path: string;
  readonly data: Dataset;
}

/** `recobase split FILE --out FOLDER`: splits interactions into training and test files. */
export default defineCommand<Flags>({
  name: "split",
  description: "Split interactions into training and test files",
  group: "Data",
  arguments: { "<file...>": 'interactions; "-" for standard input' },
  flags(command) {
    command
      .requiredOption("--out <folder>", "folder for the files train and test (and history, for held-out users); created if missing")
      .addOption(new Option("--as <format>", "format of the files").choices(endings).default("csv"));
    addOutputFlags(addDataFlags(addSplitFlags(command)));
  },
  run: split,
});

async function split(files: readonly string[], flags: Flags, terminal: Terminal): Promise<void> {
  checkSplitFlags(flags);
  const progress = progressLine(terminal, flags.quiet === true);
  const data = await readData(files, flags, progress);
  const splits = await cutData(data, flags);
  const parts = splits.flatMap((one, fold) => partsOf(one, splits.length === 1 ? "" : `fold-${fold + 1}-`, flags));
  await mkdir(flags.out, { recursive: true });
  await writeDatasets(parts, progress.report);
  progress.clear();
  if (flags.json) {
    const files = parts.map(({ part, path, data: rows }) => ({
      part,
      file: path,
      interactions: rows.size,
      users: active(rows.interactions.user),
      items: active(rows.interactions.item),
    }));
    return write(terminal.output, jsonText("split@1", { files, provenance: parts[0].data.provenance }));
  }
  const rows = parts.map(({ part, path, data: own }) => [
    part,
    count(own.size),
    count(active(own.interactions.user)),
    count(active(own.interactions.item)),
    path,
  ]);
  const heads = [
    { head: "part" },
    ...["interactions", "users", "items"].map((head) => ({ head, align: "right" as const })),
    { head: "file" },
  ];
  if (!flags.quiet) await write(terminal.output, table(heads, rows, terminal.width));
}

function partsOf({ train, test, history }: Split, prefix: string, { out, as }: Flags): Part[] {
  const named = (name: string, data: Dataset) => ({ part: prefix + name, path: join(out, `${prefix}${name}.${as}`), data });
  return [named("train", train), named("test", test), ...(history ? [named("history", history)] : [])];
}

/** Number of distinct indices in a column. */
function active(column: Uint32Array): number {
  return new Set(column).size;
}
