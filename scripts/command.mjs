// @ts-check
import { spawnSync } from "node:child_process";

/**
 * Runs a program. What it writes is shown, or given back where `capture` is set.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, capture?: boolean }} [options]
 * @returns {string} what it wrote to standard output, when captured
 * @throws when it fails, with what it said
 */
export function command(file, args, { cwd = ".", capture = false } = {}) {
  const { status, error, stdout, stderr } = spawnSync(file, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", capture ? "pipe" : "inherit", capture ? "pipe" : "inherit"],
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${[file, ...args].join(" ")}\nended with ${status}\n${stdout ?? ""}${stderr ?? ""}`);
  return stdout ?? "";
}
