import type { Command } from "commander";

export interface OutputFlags {
  readonly json?: true;
  readonly quiet?: true;
}

/** Adds `--json` and `--quiet`. */
export function addOutputFlags(command: Command): Command {
  return command
    .option("--json", "print one JSON document to standard output (see docs/json-output.md)")
    .option("--quiet", "print no progress and no notes");
}

/**
 * One JSON document with its schema first, on one line so that it pipes well. NaN and infinity become null.
 *
 * @param schema the kind and its version, increased when existing readers would break; all are described in docs/json-output.md
 */
export function jsonText(schema: `${string}@${number}`, body: object): string {
  const plain = (_key: string, value: unknown) => (ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value);
  return `${JSON.stringify({ schema: `recobase/${schema}`, ...body }, plain)}\n`;
}
