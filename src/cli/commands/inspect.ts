import { addDataFlags, type DataFlags, readData } from "../data-flags.ts";
import { defineCommand } from "../define-command.ts";
import { addOutputFlags, jsonText, type OutputFlags } from "../output.ts";
import { progressLine } from "../progress-line.ts";
import { type Terminal, write } from "../terminal.ts";

/** `recobase inspect FILE`: describes the data, and whether it supports personalized recommendations. */
export default defineCommand<DataFlags & OutputFlags>({
  name: "inspect",
  description: "Describe interactions, and check whether they support personalized recommendations",
  group: "Data",
  arguments: { "<file...>": 'interactions; "-" for standard input' },
  flags: (command) => addOutputFlags(addDataFlags(command, "all")),
  run: inspectFiles,
});

async function inspectFiles(files: readonly string[], flags: DataFlags & OutputFlags, terminal: Terminal): Promise<void> {
  const progress = progressLine(terminal, flags.quiet === true);
  const { inspect } = await import("../../data/inspect.ts");
  const { verdictOf } = await import("../../data/inspect/verdict.ts");
  // Repeats are part of the inspection.
  const data = await readData(files, { ...flags, repeats: flags.repeats ?? "all" }, progress);
  progress.report({ task: "analyzing users and items", done: 0, total: 0 });
  const inspection = inspect(data);
  const { registry } = await import("../../models/registry.gen.ts");
  const { quickComparison } = await import("../quick-comparison.ts");
  const comparison = await quickComparison(data, registry, progress.report);
  const verdict = verdictOf(inspection, comparison);
  progress.clear();
  if (flags.json) return write(terminal.output, jsonText("inspect@1", { files, verdict, comparison: comparison ?? null, ...inspection }));
  const { titlesOf } = await import("../../model/model-parts.ts");
  const { inspectionText } = await import("../inspection-text.ts");
  const titles = titlesOf(data);
  const titleOf = (item: string | number) => titles?.[data.items.indexOf(item)];
  await write(terminal.output, inspectionText(inspection, verdict, files.join(", "), titleOf, terminal.width));
}
