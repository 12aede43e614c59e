#!/usr/bin/env node
import { SUCCESS } from "./failure.ts";
import { run } from "./run.ts";
import { processTerminal, write } from "./terminal.ts";

// A reader that closes the pipe (`| head`) is not an error.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    process.exit(error.code === "EPIPE" ? SUCCESS : 1);
  });

const code = await run(process.argv.slice(2), processTerminal());
await write(process.stdout, "");
await write(process.stderr, "");
process.exit(code);
