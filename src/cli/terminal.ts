import type { Readable, Writable } from "node:stream";

/** Where a command reads and writes: the streams of the process, or buffers in tests. */
export interface Terminal {
  readonly input: Readable;
  /** Results, and nothing else. */
  readonly output: Writable & { readonly isTTY?: boolean; hasColors?(): boolean };
  /** Progress, notes and errors. */
  readonly errors: Writable & { readonly isTTY?: boolean };
  /** Width of tables and help, in columns. */
  readonly width: number;
}

/** The terminal of this process, treated as 60 to 100 columns wide. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  return { input: stdin, output: stdout, errors: stderr, width: Math.min(100, Math.max(60, stdout.columns || 100)) };
}

/** Writes all of `text`, waiting if the reader is slow. A reader that closes the pipe (`| head`) ends the wait. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (stream.destroyed || stream.writableEnded) return;
  await new Promise<void>((resolve) => {
    stream.write(text, () => resolve());
  });
}
