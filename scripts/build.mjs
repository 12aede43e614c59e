// @ts-check
// Compiles src into dist with plain tsc, no bundler: the code that runs is the code that was written.
import { spawnSync } from "node:child_process";
import { chmod, rm } from "node:fs/promises";

process.chdir(new URL("..", import.meta.url).pathname);
await rm("dist", { recursive: true, force: true });
const { status } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });
// The compiler has already printed the errors.
if (status !== 0) process.exit(1);
await chmod("dist/cli/main.js", 0o755);
