import type { Command } from "commander";
import type { Terminal } from "./terminal.ts";

/** The headings of `recobase --help`, in order. */
export const groups = ["Data", "Models", "Server"] as const;

/** One command: the default export of the file with its name in commands/. */
export interface CommandDefinition<Flags> {
  readonly name: string;
  /** One line for `recobase --help`. */
  readonly description: string;
  readonly group: (typeof groups)[number];
  /** Arguments in commander syntax (`<file...>`, `[name]`), each with its description. */
  readonly arguments?: Readonly<Record<string, string>>;
  /** Adds the flags of the command. */
  flags(command: Command): void;
  /** Does the work. `given` has the arguments in order, with those of a `<file...>` as separate entries. */
  run(given: readonly string[], flags: Flags, terminal: Terminal): Promise<void>;
}

/**
 * Defines a command. `npm run generate` finds it and copies its name, description, group and arguments (which must be string literals)
 * into a table, so that the help needs no command to be loaded.
 */
export function defineCommand<Flags>(definition: CommandDefinition<Flags>): CommandDefinition<Flags> {
  return definition;
}

/** A command in the generated table. */
export interface CommandEntry extends Pick<CommandDefinition<never>, "name" | "description" | "group" | "arguments"> {
  load(): Promise<{ readonly default: CommandDefinition<never> }>;
}
