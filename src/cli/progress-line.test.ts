import { PassThrough, Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { progressLine } from "./progress-line.ts";

function terminal(isTTY: boolean) {
  const errors = Object.assign(new PassThrough(), { isTTY });
  // On Node 20, one read returns all buffered data; on Node 26, only one chunk.
  const written = () => {
    let text = "";
    for (let chunk = errors.read(); chunk !== null; chunk = errors.read()) text += chunk;
    return text;
  };
  return { input: Readable.from([]), output: new PassThrough(), errors, width: 60, written };
}

describe("progress", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("on a terminal, overwrites one line at most ten times a second, and erases it before a note", () => {
    const screen = terminal(true);
    const line = progressLine(screen, false);
    for (let done = 0; done < 100; done++) {
      line.report({ task: "als", done, total: 100 });
      vi.advanceTimersByTime(10);
    }
    line.note("done");
    const text = screen.written();
    expect(text).not.toContain("\n".repeat(2));
    expect(text.split("als: ").length - 1).toBe(10);
    expect(text.endsWith("\r\x1b[2Kdone\n")).toBe(true);
  });

  test("elsewhere, prints a line every five seconds, and nothing for short work", () => {
    const log = terminal(false);
    const line = progressLine(log, false);
    for (let done = 0; done < 12; done++) {
      line.report({ task: "reading a.csv", done, total: 0, note: `${done} rows` });
      vi.advanceTimersByTime(1000);
    }
    expect(log.written()).toBe("reading a.csv: 5 rows\nreading a.csv: 10 rows\n");
  });

  test("a line never exceeds the width of the terminal", () => {
    const screen = terminal(true);
    progressLine(screen, false).report({ task: `reading ${"very/".repeat(30)}long.csv`, done: 1, total: 2 });
    expect(screen.written().slice("\r\x1b[2K".length).length).toBeLessThan(60);
  });

  test("prints nothing if quiet", () => {
    const screen = terminal(true);
    const line = progressLine(screen, true);
    line.report({ task: "als", done: 1, total: 2 });
    line.note("a note");
    line.clear();
    expect(screen.written()).toBe("");
  });
});
