import type { OnProgress, Progress } from "../util/progress.ts";
import { clip } from "../util/table.ts";
import { count } from "./numbers.ts";
import type { Terminal } from "./terminal.ts";

/** Shows progress and notes on standard error. */
export interface ProgressLine {
  readonly report: OnProgress;
  /** A line that stays, such as what was detected in a file. */
  note(text: string): void;
  /** Erases the line, before results are written. */
  clear(): void;
}

const TTY_EVERY = 100;
const LOG_EVERY = 5000;

/**
 * On a terminal, one line that is overwritten; elsewhere, a line every few seconds; nothing if quiet. An escape code is enough:
 * log-update hides the cursor and handles signals to restore it, and then Ctrl-C would wait for the running computation.
 */
export function progressLine({ errors, width }: Terminal, quiet: boolean): ProgressLine {
  if (quiet) return { report: () => {}, note: () => {}, clear: () => {} };
  const live = errors.isTTY === true;
  // Without a terminal, short work prints nothing: the first line waits, too.
  let shown = live ? 0 : Date.now();
  let onScreen = false;
  const clear = () => {
    if (onScreen) errors.write("\r\x1b[2K");
    onScreen = false;
  };
  return {
    report(progress) {
      const now = Date.now();
      if (now - shown < (live ? TTY_EVERY : LOG_EVERY)) return;
      shown = now;
      const text = progressText(progress);
      if (!live) errors.write(`${text}\n`);
      else {
        errors.write(`\r\x1b[2K${clip(text, width - 1)}`);
        onScreen = true;
      }
    },
    note(text) {
      clear();
      errors.write(`${text}\n`);
    },
    clear,
  };
}

function progressText({ task, done, total, note }: Progress): string {
  const share = total > 0 ? `${Math.floor((100 * done) / total)}%` : undefined;
  // A note says more than the count, such as rows read or the loss.
  if (note) return `${task}: ${share ? `${share}, ` : ""}${note}`;
  return `${task}: ${share ? `${share} (${count(done)} of ${count(total)})` : done > 0 ? count(done) : "…"}`;
}
