import type { Command } from "commander";

export interface OutputFlags {
  readonly json?: true;
  readonly quiet?: true;
}

/** Adds `--json` and `--quiet`. */
export function addOutputFlags(command: Command): Command {
  return command
    .option("--json", "write one JSON document to standard output (docs/json-output.md)")
    .option("--quiet", "no progress and no notes on standard error");
}
