import type { Progress } from "../util/progress.ts";

interface Stream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows what is being done: one line written over on a terminal, a line for each new task elsewhere. */
export function statusLine(stream: Stream): { report(progress: Progress): void; clear(): void } {
  let last = "";
  return {
    report({ task, done, total }) {
      if (stream.isTTY) stream.write(`\r\x1b[2K${total > 0 ? `${task} (${done} of ${total})` : task} …`);
      else if (task !== last) stream.write(`${task} …\n`);
      last = task;
    },
    clear() {
      if (stream.isTTY && last !== "") stream.write("\r\x1b[2K");
      if (stream.isTTY) last = "";
    },
  };
}
