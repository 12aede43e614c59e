import type { Readable, Writable } from "node:stream";

/** What a command talks to: the process as a rule, buffers in tests. */
export interface Terminal {
  readonly input: Readable;
  /** Results, and nothing else. */
  readonly output: Writable & { readonly isTTY?: boolean; hasColors?(): boolean };
  /** Progress, notes and errors. */
  readonly errors: Writable & { readonly isTTY?: boolean };
  /** Columns to lay tables out for. */
  readonly width: number;
}

/** The terminal of this process, at most 100 columns wide. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  return { input: stdin, output: stdout, errors: stderr, width: Math.min(100, Math.max(60, stdout.columns || 100)) };
}

/** Writes all of `text`, waiting where the reader is slow. A reader that has gone (`| head`) ends the wait. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (stream.destroyed || stream.writableEnded) return;
  await new Promise<void>((resolve) => {
    stream.write(text, () => resolve());
  });
}
