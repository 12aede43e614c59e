// @ts-check
import { spawnSync } from "node:child_process";

/**
 * Runs a program. Shows its output, or returns it if `capture` is set.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, capture?: boolean }} [options]
 * @returns {string} its standard output, if captured
 * @throws if it fails, with the captured output
 */
export function command(file, args, { cwd = ".", capture = false } = {}) {
  const { status, error, stdout, stderr } = spawnSync(file, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", capture ? "pipe" : "inherit", capture ? "pipe" : "inherit"],
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${[file, ...args].join(" ")}\nfailed with exit code ${status}\n${stdout ?? ""}${stderr ?? ""}`);
  return stdout ?? "";
}
