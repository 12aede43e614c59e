import { Option } from "commander";
import type { Split } from "../../data/split.ts";
import type { Evaluation } from "../../evaluate/evaluation.ts";
import type { MetricName } from "../../evaluate/metric-columns.ts";
import { RecoError } from "../../util/errors.ts";
import { addDataFlags, type DataFlags, filtersGiven, loadOptions, noteSummary, readData } from "../data-flags.ts";
import { defineCommand } from "../define-command.ts";
import { nameList, numberList, wholeNumber } from "../flag-values.ts";
import { foldSummary, foldsText } from "../fold-summary.ts";
import { addSetFlag, DEFAULT_REPEATS, keepEntries, modelSpecs } from "../model-flags.ts";
import { addOutputFlags, jsonText, type OutputFlags } from "../output.ts";
import { type ProgressLine, progressLine } from "../progress-line.ts";
import { addSplitFlags, checkSplitFlags, cutData, type SplitFlags } from "../split-flags.ts";
import { type Terminal, write } from "../terminal.ts";
import { checkWritable, writing } from "../writing.ts";

interface Flags extends OutputFlags, DataFlags, SplitFlags {
  readonly models: readonly string[];
  readonly set: readonly string[];
  readonly k: readonly number[];
  readonly metrics?: readonly string[];
  readonly sampled?: number;
  readonly html?: string;
  readonly test?: string;
}

const defaults = ["popularity", "item-knn", "ease", "als"];

/** `recobase evaluate FILE --models A,B`: compares models on held-out data. */
export default defineCommand<Flags>({
  name: "evaluate",
  description: "Compare models on held-out data, with confidence intervals",
  group: "Models",
  arguments: { "<file...>": 'interactions; "-" for standard input' },
  flags(command) {
    command.addOption(
      new Option("--models <names>", 'comma-separated models; "recobase models" lists them')
        .argParser(nameList)
        .default(defaults, defaults.join(",")),
    );
    addSetFlag(command, "als.factors=64")
      .addOption(new Option("--k <numbers>", "list lengths, comma-separated").argParser(numberList).default([10], "10"))
      .option(
        "--metrics <names>",
        "comma-separated metrics (default: ndcg,recall,mrr,coverage; also rmse,mae for models that predict ratings)",
        nameList,
      )
      .option(
        "--sampled <number>",
        "rank held-out items among only this many random ones: faster, but the results aren't comparable with any others",
        wholeNumber(1),
      )
      .option("--html <file>", "write a report with plots to this file");
    addSplitFlags(command).addOption(
      new Option("--test <file>", "test on the interactions in this file, and train on all of the others").helpGroup("Splitting:"),
    );
    addOutputFlags(addDataFlags(command, DEFAULT_REPEATS));
  },
  run: evaluateModels,
});

async function evaluateModels(files: readonly string[], flags: Flags, terminal: Terminal): Promise<void> {
  const { registry } = await import("../../models/registry.gen.ts");
  const { findMetrics } = await import("../../evaluate/metric-columns.ts");
  const specs = modelSpecs(flags.models, flags.set, registry);
  const metrics = flags.metrics as readonly MetricName[] | undefined;
  if (metrics) findMetrics(metrics);
  if (flags.html && flags.split === "k-fold")
    throw new RecoError("bad-input", "--html shows a single split, so it can't be combined with --split k-fold. Drop one of them.");
  checkSplitFlags(flags);
  await checkWritable([flags.html]);

  const progress = progressLine(terminal, flags.quiet === true);
  const splits = await readSplits(files, keepEntries(flags, flags.models, registry), progress);
  const { evaluate } = await import("../../evaluate/evaluate.ts");
  const evaluations: Evaluation[] = [];
  for (const [fold, split] of splits.entries()) {
    const report =
      splits.length === 1
        ? progress.report
        : (step: Parameters<typeof progress.report>[0]) => progress.report({ ...step, task: `fold ${fold + 1}: ${step.task}` });
    const { k, sampled, seed } = flags;
    evaluations.push(
      await evaluate(specs, split, {
        k,
        seed,
        onProgress: report,
        ...(metrics && { metrics }),
        ...(sampled !== undefined && { sampledCandidates: sampled }),
      }),
    );
  }
  progress.clear();
  const [evaluation] = evaluations;
  if (flags.html !== undefined) await writeReport(flags.html, evaluation, files);

  if (evaluations.length > 1) {
    const summary = foldSummary(evaluations);
    if (flags.json) return write(terminal.output, jsonText("evaluate-folds@1", { ...summary, folds: evaluations.map(evaluationJson) }));
    return write(terminal.output, foldsText(summary, evaluations, terminal.width));
  }
  if (flags.json) return write(terminal.output, jsonText("evaluate@1", { ...evaluationJson(evaluation), report: flags.html ?? null }));
  // hasColors takes NO_COLOR into account.
  const bold = terminal.output.hasColors?.() ?? false;
  const report = flags.html === undefined ? "" : `\nWrote the report to ${flags.html}.\n`;
  await write(terminal.output, `${evaluation.toString({ width: terminal.width, bold })}\n${report}`);
}

/** The evaluation without its own schema field: the document has one. */
function evaluationJson(evaluation: Evaluation): Omit<ReturnType<Evaluation["toJSON"]>, "schema"> {
  const { schema: _, ...rest } = evaluation.toJSON();
  return rest;
}

async function writeReport(path: string, evaluation: Evaluation, files: readonly string[]): Promise<void> {
  const { writeFile } = await import("node:fs/promises");
  const { writeAtomically } = await import("../../util/atomic-file.ts");
  const html = await evaluation.toHtml({ title: `Evaluation on ${files.join(", ")}` });
  await writing(() => writeAtomically(path, (temporary) => writeFile(temporary, html)));
}

/** The splits to evaluate on: those that come with the data, or those made by the flags. */
async function readSplits(files: readonly string[], flags: Flags, progress: ProgressLine): Promise<Split[]> {
  const parts =
    flags.test !== undefined
      ? files.length === 1
        ? { train: files[0], test: flags.test }
        : undefined
      : await folderWithParts(files, flags);
  if (parts === undefined) {
    if (flags.test !== undefined) throw new RecoError("bad-input", "--test needs exactly one file to train on.");
    return cutData(await readData(files, flags, progress), flags);
  }
  const wrong = [...filtersGiven(flags), ...(flags.split ? ["--split"] : [])];
  if (wrong.length > 0) throw new RecoError("bad-input", `${wrong.join(", ")} can't be used with data that is already split.`);
  const { loadSplit } = await import("../../data/load.ts");
  const split = await loadSplit(parts, { ...loadOptions(flags), onProgress: progress.report });
  await noteSummary(split.train, progress);
  return [split];
}

/** The folder, if it is the only path, its layout comes with train and test parts, and there is no `--split`. */
async function folderWithParts([folder, ...others]: readonly string[], { layout, split }: Flags): Promise<string | undefined> {
  if (layout === undefined || split !== undefined || others.length > 0) return undefined;
  const { layouts } = await import("../../data/load.ts");
  const { stat } = await import("node:fs/promises");
  const isFolder = (await stat(folder).catch(() => undefined))?.isDirectory();
  return isFolder && layouts.some(({ name, parts }) => name === layout && parts !== undefined) ? folder : undefined;
}
