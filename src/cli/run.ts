import { Command, CommanderError, type Option } from "commander";
import { RecoError } from "../util/errors.ts";
import { didYouMean } from "../util/nearest-names.ts";
import { version } from "../util/version.ts";
import { commands } from "./commands.gen.ts";
import { type CommandEntry, groups } from "./define-command.ts";
import { reportFailure, SUCCESS, WRONG_USE } from "./failure.ts";
import { type Terminal, write } from "./terminal.ts";

const EXAMPLES = `
Examples:
  recobase inspect ratings.csv
  recobase evaluate ratings.csv --models popularity,item-knn,als --split leave-last
  recobase train ratings.csv --model als --set factors=64 --out als.safetensors
  recobase recommend als.safetensors --user 42 --k 10
  recobase similar als.safetensors --item 50
  recobase serve

Files can be CSV, TSV, JSON Lines or Parquet, plain or gzipped; "-" is standard input.
Exit codes: 0 success, 1 failure, 2 usage error. "recobase COMMAND --help" explains a command.`;

/** Runs one command line (without `node` and the script) and returns its exit code. */
export async function run(given: readonly string[], terminal: Terminal): Promise<number> {
  const argv = given[0] === "help" ? [...given.slice(1, 2), "--help"] : given;
  let help = "";
  const program = new Command("recobase")
    .description("Inspect interaction data, compare recommender models on it, train one and get recommendations, or run a server.")
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "show this help")
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
      // Commander throws errors, and reportFailure prints them.
      writeErr: () => {},
    })
    .addHelpText("after", EXAMPLES);
  for (const group of groups) for (const entry of commands) if (entry.group === group) addEntry(program, entry);
  try {
    if (argv.length === 0) {
      program.outputHelp();
      await write(terminal.errors, help);
      return WRONG_USE;
    }
    checkCommand(argv[0], program);
    await addCommand(program, argv[0], terminal);
    await program.parseAsync(argv, { from: "user" });
    return SUCCESS;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) {
      await write(terminal.output, help);
      return SUCCESS;
    }
    return await reportFailure(error, argv[0], argv.includes("--json"), terminal);
  }
}

/** Adds what `recobase --help` shows of a command. */
function addEntry(program: Command, { name, description, group, arguments: given = {} }: CommandEntry): void {
  const command = program.command(name).description(description).helpGroup(`${group}:`);
  for (const [argument, explanation] of Object.entries(given)) command.argument(argument, explanation);
}

/** Loads one command, with its flags and its action. */
async function addCommand(program: Command, name: string, terminal: Terminal): Promise<void> {
  const entry = commands.find((one) => one.name === name);
  const command = program.commands.find((one) => one.name() === name);
  if (entry === undefined || command === undefined) return;
  const { default: definition } = await entry.load();
  definition.flags(command);
  command.action((...given: unknown[]) => {
    // Commander appends the flags and the command itself to the arguments.
    const [flags] = given.splice(-2) as [never, Command];
    return definition.run(given.flat() as string[], flags, terminal);
  });
}

/** Reports an unknown command before any problem with its flags. @throws RecoError `bad-input` with similar names */
function checkCommand(name: string, program: Command): void {
  const known = program.commands.map((command) => command.name());
  if (name.startsWith("-") || known.includes(name)) return;
  throw new RecoError("bad-input", `There is no command "${name}".${didYouMean(name, known)} Commands: ${known.join(", ")}.`);
}

/** The description of an option, with its choices and its default, if any. */
function describeOption({ description, argChoices, defaultValue, defaultValueDescription }: Option): string {
  const byDefault =
    defaultValueDescription ?? (typeof defaultValue === "string" || typeof defaultValue === "number" ? `${defaultValue}` : undefined);
  const more = [...(argChoices ? [argChoices.join(", ")] : []), ...(byDefault === undefined ? [] : [`default: ${byDefault}`])];
  return more.length === 0 ? description : `${description} (${more.join("; ")})`;
}
