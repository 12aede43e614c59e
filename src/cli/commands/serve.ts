import { Option } from "commander";
import type { ServerConfig } from "../../engine/config/config.ts";
import { version } from "../../util/version.ts";
import { defineCommand } from "../define-command.ts";
import { wholeNumber } from "../flag-values.ts";
import { type Terminal, write } from "../terminal.ts";

type Level = NonNullable<ServerConfig["log"]>;

interface Flags {
  readonly config?: string;
  readonly store?: string;
  readonly port?: number;
  readonly host?: string;
  readonly keyless?: boolean;
  readonly newKey?: boolean;
  readonly log?: Level;
}

const levels: readonly Level[] = ["silent", "error", "warn", "info", "debug"];

/** `recobase serve`: runs the recommender server until it is told to stop. */
export default defineCommand<Flags>({
  name: "serve",
  description: "Run the recommender server: takes events, learns, answers over HTTP",
  group: "Server",
  flags: (command) =>
    command
      .option("--config <path>", "a configuration file, or the folder of a recobase.config.ts; this folder by default")
      .option("--store <place>", 'where data is kept: a file, a postgres:// address, or "memory" (default: recobase.db)')
      .option("--port <number>", "default 7700", wholeNumber(0, 65_535))
      .option("--host <address>", "default 127.0.0.1: this machine alone")
      .option("--keyless", "answer requests without a key, on this machine alone; for development")
      .option("--new-key", "make one more admin key and print it, for whoever has lost theirs")
      .addOption(new Option("--log <level>", "what is told, as JSON lines on standard error (default: info)").choices(levels)),
  run: (_given, flags, terminal) => serve(flags, terminal),
});

async function serve(flags: Flags, terminal: Terminal): Promise<void> {
  const [{ loadConfig }, { startServer }] = await Promise.all([
    import("../../engine/config/load-config.ts"),
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

/** npm and the terminal both pass on one Ctrl-C: what comes so soon, in milliseconds, is no second one. */
const SAME_SIGNAL = 1000;

/** Resolves when the process is told to stop. When it is told again later, it ends at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let told: number | undefined;
    const stop = () => {
      if (told !== undefined && Date.now() - told > SAME_SIGNAL) process.exit(1);
      told ??= Date.now();
      resolve();
    };
    process.on("SIGTERM", stop);
    process.on("SIGINT", stop);
  });
}

function withoutPassword(store: string): string {
  return store.replace(/^(postgres(?:ql)?:\/\/[^:/@]*):[^@]*@/, "$1:…@");
}
