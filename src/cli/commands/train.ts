import { stat } from "node:fs/promises";
import { wrap } from "../../util/table.ts";
import { addDataFlags, type DataFlags, readData } from "../data-flags.ts";
import { defineCommand } from "../define-command.ts";
import { wholeNumber } from "../flag-values.ts";
import { addSetFlag, DEFAULT_REPEATS, keepEntries, modelSpecs } from "../model-flags.ts";
import { bytes, counted, duration } from "../numbers.ts";
import { addOutputFlags, jsonText, type OutputFlags } from "../output.ts";
import { progressLine } from "../progress-line.ts";
import { type Terminal, write } from "../terminal.ts";
import { checkWritable, writing } from "../writing.ts";

interface Flags extends OutputFlags, DataFlags {
  readonly model: string;
  readonly set: readonly string[];
  readonly seed: number;
  readonly out: string;
  readonly histories: boolean;
}

/** `recobase train FILE --model NAME --out FILE`: fits a model on all of the data and saves it. */
export default defineCommand<Flags>({
  name: "train",
  description: "Train a model on all of the data and save it",
  group: "Models",
  arguments: { "<file...>": 'interactions; "-" for standard input' },
  flags(command) {
    command
      .requiredOption("--model <name>", 'model to train; "recobase models" lists them')
      .requiredOption("--out <file>", "file to save the model to, such as als.safetensors");
    addSetFlag(command, "factors=64")
      .option("--seed <number>", "random seed", wholeNumber(0), 1)
      .option(
        "--no-histories",
        "save the model without user histories: smaller and without personal data, but it can only answer --history",
      );
    addOutputFlags(addDataFlags(command, DEFAULT_REPEATS));
  },
  run: train,
});

async function train(files: readonly string[], flags: Flags, terminal: Terminal): Promise<void> {
  const { registry } = await import("../../models/registry.gen.ts");
  const [spec] = modelSpecs([flags.model], flags.set, registry);
  await checkWritable([flags.out]);
  const progress = progressLine(terminal, flags.quiet === true);
  const data = await readData(files, keepEntries(flags, [flags.model], registry), progress);
  const started = performance.now();
  const model = await spec.fit(data, { seed: flags.seed, onProgress: progress.report });
  const seconds = (performance.now() - started) / 1000;
  const { writeModel } = await import("../../model/artifact.ts");
  await writing(() => writeModel(model, flags.out, { histories: flags.histories }));
  progress.clear();
  const { size } = await stat(flags.out);
  if (flags.json) {
    const counts = { interactions: data.size, users: data.users.size, items: data.items.size };
    const { name, options, provenance } = model;
    return write(
      terminal.output,
      jsonText("train@1", {
        model: name,
        options,
        seed: flags.seed,
        file: flags.out,
        bytes: size,
        fitSeconds: seconds,
        ...counts,
        provenance,
      }),
    );
  }
  const settings = Object.entries(model.options).map(([option, value]) => `${option}=${value}`);
  const lines = [
    `Trained ${model.name}${settings.length > 0 ? ` (${settings.join(", ")})` : ""} on ${counted(data.size, "interaction")} in ${duration(seconds)}.`,
    `Wrote ${flags.out} (${bytes(size)}).`,
  ];
  if (!flags.quiet) await write(terminal.output, `${lines.map((line) => wrap(line, terminal.width)).join("\n")}\n`);
}
