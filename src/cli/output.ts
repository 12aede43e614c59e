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

/**
 * One JSON document with its schema first, on one line so that it pipes well. Numbers that JSON lacks become null.
 *
 * @param schema the kind and its version, raised when a reader of the former version would break; each is described in docs/json-output.md
 */
export function jsonText(schema: `${string}@${number}`, body: object): string {
  const plain = (_key: string, value: unknown) => (ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value);
  return `${JSON.stringify({ schema: `recobase/${schema}`, ...body }, plain)}\n`;
}
