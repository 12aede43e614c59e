import { PassThrough, Readable } from "node:stream";
import { run } from "../run.ts";

/** The result of a command line. */
export interface Captured {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a command line in this process, with its streams captured. */
export async function captured(...argv: string[]): Promise<Captured> {
  const output = new PassThrough();
  const errors = new PassThrough();
  const texts = [output, errors].map(async (stream) => {
    let text = "";
    for await (const chunk of stream) text += chunk;
    return text;
  });
  const code = await run(argv, { input: Readable.from([]), output, errors, width: 100 });
  output.end();
  errors.end();
  const [out, err] = await Promise.all(texts);
  return { code, output: out, errors: err };
}
