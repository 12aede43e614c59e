import { Command, CommanderError, type Option } from "commander";
import { RecoError } from "../util/errors.ts";
import { didYouMean } from "../util/nearest-names.ts";
import { version } from "../util/version.ts";
import { addConvert } from "./commands/convert.ts";
import { addEvaluate } from "./commands/evaluate.ts";
import { addExplain } from "./commands/explain.ts";
import { addImport } from "./commands/import.ts";
import { addInit } from "./commands/init.ts";
import { addInspect } from "./commands/inspect.ts";
import { addModels } from "./commands/models.ts";
import { addRecommend } from "./commands/recommend.ts";
import { addServe } from "./commands/serve.ts";
import { addSimilar } from "./commands/similar.ts";
import { addSplit } from "./commands/split.ts";
import { addTrain } from "./commands/train.ts";
import { SUCCESS, WRONG_USE } from "./exit-codes.ts";
import { reportFailure } from "./failure.ts";
import { type Terminal, write } from "./terminal.ts";

const EXAMPLES = `
Examples:
  recobase inspect ratings.csv
  recobase evaluate ratings.csv --models popularity,item-knn,als --split leave-last
  recobase train ratings.csv --model als --set factors=64 --out als.safetensors
  recobase recommend als.safetensors --user 42 --k 10
  recobase similar als.safetensors --item 50

Files are CSV, TSV, JSON lines or Parquet, also with gzip; "-" is standard input.
Exit codes: 0 done, 1 failed, 2 wrong use. "recobase COMMAND --help" explains a command.`;

/** Runs one command line (without `node` and the script) and gives its exit code. */
export async function run(given: readonly string[], terminal: Terminal): Promise<number> {
  const argv = given[0] === "help" ? [...given.slice(1, 2), "--help"] : given;
  let help = "";
  const program = new Command("recobase")
    .description("Recommender systems from a file of interactions: look at it, compare models on it, train one, recommend.")
    .version(version, "--version", "the version")
    .helpOption("-h, --help", "this text")
    .helpCommand(false)
    .exitOverride()
    .usage("COMMAND [options]")
    .configureHelp({
      helpWidth: terminal.width,
      subcommandTerm: (command) =>
        [
          command.name(),
          ...command.registeredArguments.map((argument) => (argument.required ? `<${argument.name()}>` : `[${argument.name()}]`)),
        ].join(" "),
      optionDescription: describeOption,
    })
    .configureOutput({
      writeOut: (text) => {
        help += text;
      },
      // Errors come back as exceptions and are reported in one place.
      writeErr: () => {},
    })
    .addHelpText("after", EXAMPLES);
  for (const add of [
    addInspect,
    addSplit,
    addEvaluate,
    addTrain,
    addRecommend,
    addSimilar,
    addExplain,
    addModels,
    addConvert,
    addInit,
    addImport,
    addServe,
  ])
    add(program, terminal);
  try {
    if (argv.length === 0) {
      program.outputHelp();
      await write(terminal.errors, help);
      return WRONG_USE;
    }
    checkCommand(argv[0], program);
    await program.parseAsync(argv, { from: "user" });
    return SUCCESS;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) {
      await write(terminal.output, help);
      return SUCCESS;
    }
    return await reportFailure(error, argv.includes("--json"), terminal);
  }
}

/** @throws RecoError `bad-input` naming the near commands, before anything is said about flags */
function checkCommand(name: string, program: Command): void {
  const known = program.commands.map((command) => command.name());
  if (name.startsWith("-") || known.includes(name)) return;
  throw new RecoError("bad-input", `There is no command "${name}".${didYouMean(name, known)} Commands: ${known.join(", ")}.`);
}

/** What an option is for, with its choices and its default where there are any to speak of. */
function describeOption({ description, argChoices, defaultValue, defaultValueDescription }: Option): string {
  const byDefault =
    defaultValueDescription ?? (typeof defaultValue === "string" || typeof defaultValue === "number" ? `${defaultValue}` : undefined);
  const more = [...(argChoices ? [argChoices.join(", ")] : []), ...(byDefault === undefined ? [] : [`default: ${byDefault}`])];
  return more.length === 0 ? description : `${description} (${more.join("; ")})`;
}
