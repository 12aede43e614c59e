import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

/** A process of its own that runs a program over the storage, and what it says line by line. */
export interface StorageProcess {
  readonly child: ChildProcess;
  /** Resolves to the next line; to undefined when the process has ended. */
  line(): Promise<string | undefined>;
  /** All lines not yet read, when the process has ended. */
  rest(): Promise<string[]>;
}

/**
 * JavaScript that defines `say(line)`: the line has left the process when it returns. A full pipe refuses (EAGAIN) or takes a part; then it
 * waits for the reader.
 */
export const SAY = `
  import { writeSync } from "node:fs";
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const say = (line) => {
    let rest = Buffer.from(line + "\\n");
    while (rest.length > 0)
      try {
        rest = rest.subarray(writeSync(1, rest));
      } catch (error) {
        if (error.code !== "EAGAIN") throw error;
        Atomics.wait(pause, 0, 0, 1);
      }
  };`;

/**
 * Starts a program as a process.
 *
 * @param folder of compiled rooms (`scripts/compiled.mjs`)
 * @param program JavaScript that finds `openStorage`, `location` and `say(line)`
 * @param wrap a command to run it under
 */
export function startProcess(folder: string, location: string, program: string, wrap: readonly string[] = []): StorageProcess {
  const text = `${SAY}
    const { openStorage } = await import(${JSON.stringify(pathToFileURL(`${folder}/store/open-storage.js`).href)});
    const location = ${JSON.stringify(location)};
    ${program}`;
  const [command, ...args] = [...wrap, process.execPath, "--input-type=module", "-e", text];
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  let ended = false;
  let wake: () => void = () => {};
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (line) => {
    lines.push(line);
    wake();
  });
  const closed = new Promise<void>((resolve) => {
    reader.on("close", () => {
      ended = true;
      wake();
      resolve();
    });
  });
  return {
    child,
    async line() {
      while (lines.length === 0 && !ended)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return lines.shift();
    },
    async rest() {
      await closed;
      return lines.splice(0);
    },
  };
}
