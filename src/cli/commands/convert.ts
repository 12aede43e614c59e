import { addDataFlags, type DataFlags, readData } from "../data-flags.ts";
import { defineCommand } from "../define-command.ts";
import { counted } from "../numbers.ts";
import { addOutputFlags, jsonText, type OutputFlags } from "../output.ts";
import { progressLine } from "../progress-line.ts";
import { type Terminal, write } from "../terminal.ts";
import { checkDatasetName, checkWritable, writeDatasets } from "../writing.ts";

interface Flags extends OutputFlags, DataFlags {
  readonly out: string;
}

/** `recobase convert FILE --out FILE`: converts interactions to another format. */
export default defineCommand<Flags>({
  name: "convert",
  description: "Convert interactions to another format, optionally filtered",
  group: "Data",
  arguments: { "<file...>": 'interactions; "-" for standard input' },
  flags(command) {
    command.requiredOption("--out <file>", "output file; the name must end in .csv, .tsv, .jsonl (optionally with .gz) or .parquet");
    addOutputFlags(addDataFlags(command, "all"));
  },
  run: convert,
});

async function convert(files: readonly string[], flags: Flags, terminal: Terminal): Promise<void> {
  checkDatasetName(flags.out);
  await checkWritable([flags.out]);
  const progress = progressLine(terminal, flags.quiet === true);
  // Converting keeps every row unless --repeats says otherwise.
  const data = await readData(files, { ...flags, repeats: flags.repeats ?? "all" }, progress);
  await writeDatasets([{ path: flags.out, data }], progress.report);
  progress.clear();
  const counts = { interactions: data.size, users: data.users.size, items: data.items.size };
  if (flags.json) return write(terminal.output, jsonText("convert@1", { file: flags.out, ...counts, provenance: data.provenance }));
  if (!flags.quiet) await write(terminal.output, `Wrote ${counted(data.size, "interaction")} to ${flags.out}.\n`);
}
