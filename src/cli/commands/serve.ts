import type { Command } from "commander";
import type { ServerConfig } from "../../engine/config.ts";
import { version } from "../../util/version.ts";
import { wholeNumber } from "../flag-values.ts";
import { type Terminal, write } from "../terminal.ts";

interface Flags {
  readonly config?: string;
  readonly store?: string;
  readonly port?: number;
  readonly host?: string;
  readonly keyless?: boolean;
  readonly newKey?: boolean;
  readonly log?: NonNullable<ServerConfig["log"]>;
}

/** `recobase serve`: runs the recommender server until it is told to stop. */
export function addServe(program: Command, terminal: Terminal): void {
  program
    .command("serve")
    .description("Run the recommender server: takes events, learns, answers over HTTP")
    .option("--config <path>", "a configuration file, or the folder of a recobase.config.ts; this folder by default")
    .option("--store <place>", 'where data is kept: a file, a postgres:// address, or "memory" (default: recobase.db)')
    .option("--port <number>", "default 7700", wholeNumber(0))
    .option("--host <address>", "default 127.0.0.1: this machine alone")
    .option("--keyless", "answer requests without a key, on this machine alone; for development")
    .option("--new-key", "make one more admin key and print it, for whoever has lost theirs")
    .option("--log <level>", "silent, error, warn, info or debug; JSON lines on standard error")
    .action((flags: Flags) => serve(flags, terminal));
}

async function serve(flags: Flags, terminal: Terminal): Promise<void> {
  const [{ loadConfig }, { startServer }] = await Promise.all([
    import("../../engine/load-config.ts"),
    import("../../server/start-server.ts"),
  ]);
  const { store, port, host } = flags;
  const { config: loaded, path } = await loadConfig(flags.config, {
    ...process.env,
    ...(store !== undefined && { RECOBASE_STORE: store }),
    ...(port !== undefined && { RECOBASE_PORT: String(port) }),
    ...(host !== undefined && { RECOBASE_HOST: host }),
  });
  const config: ServerConfig = flags.log === undefined ? loaded : { ...loaded, log: flags.log };
  const told = stopSignal();
  const server = await startServer(config, { keyless: flags.keyless ?? false, newKey: flags.newKey ?? false });
  try {
    const lines = [
      `RecoBase ${version} is at ${server.address}, with its documentation at ${server.address}/docs`,
      `  data           ${withoutPassword(config.store ?? "recobase.db")}`,
      `  configuration  ${path ?? "none: defaults; recobase init writes one"}`,
      ...(server.firstKey === undefined ? [] : [`  key            ${server.firstKey}`, "                 shown this once: keep it"]),
      "Ctrl-C stops it.",
    ];
    await write(terminal.output, `${lines.join("\n")}\n`);
    await told;
  } finally {
    await server.close();
  }
}

/** Resolves when the process is told to stop. A second time ends it at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let told = false;
    const stop = () => {
      if (told) process.exit(1);
      told = true;
      resolve();
    };
    process.on("SIGTERM", stop);
    process.on("SIGINT", stop);
  });
}

function withoutPassword(store: string): string {
  return store.replace(/^(postgres(?:ql)?:\/\/[^:/@]*):[^@]*@/, "$1:…@");
}
