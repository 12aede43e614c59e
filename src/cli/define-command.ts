import type { Command } from "commander";
import type { Terminal } from "./terminal.ts";

/** The headings of `recobase --help`, in its order. */
export const groups = ["Data", "Models", "Server"] as const;

/** One command, the default export of the file in commands/ that bears its name. */
export interface CommandDefinition<Flags> {
  readonly name: string;
  /** One line for `recobase --help`. */
  readonly description: string;
  readonly group: (typeof groups)[number];
  /** Arguments as commander writes them (`<file...>`, `[name]`), each with its explanation. */
  readonly arguments?: Readonly<Record<string, string>>;
  /** Adds the flags of the command. */
  flags(command: Command): void;
  /** Does the work. `given` are the arguments in order, those of a `<file...>` one by one. */
  run(given: readonly string[], flags: Flags, terminal: Terminal): Promise<void>;
}

/**
 * Defines a command. `npm run generate` finds it and copies name, description, group and arguments, which must be plain text, into a table:
 * the help is made from it without loading any command.
 */
export function defineCommand<Flags>(definition: CommandDefinition<Flags>): CommandDefinition<Flags> {
  return definition;
}

/** What the generated table knows of a command. */
export interface CommandEntry extends Pick<CommandDefinition<never>, "name" | "description" | "group" | "arguments"> {
  load(): Promise<{ readonly default: CommandDefinition<never> }>;
}
