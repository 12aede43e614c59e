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

/** `recobase serve`: runs the recommender server until it is stopped. */
export default defineCommand<Flags>({
  name: "serve",
  description: "Run the recommender server: takes events, trains models, answers over HTTP",
  group: "Server",
  flags: (command) =>
    command
      .option("--config <path>", "configuration file, or the folder of a recobase.config.ts (default: this folder)")
      .option("--store <place>", 'where to store data: a file, a postgres:// address or "memory" (default: recobase.db)')
      .option(
        "--port <number>",
        "port to listen on; 0 picks a free one (default: RECOBASE_PORT, the configuration, PORT or 7700)",
        wholeNumber(0, 65_535),
      )
      .option("--host <address>", "address to listen on (default: RECOBASE_HOST, the configuration, HOST or 127.0.0.1)")
      .option("--keyless", "accept local requests without an API key (development only)")
      .option("--new-key", "create and print another admin key, for example if you lost yours")
      .addOption(
        new Option("--log <level>", "log level; logs are JSON lines on standard error").choices(levels).default(undefined, "info"),
      ),
  run: (_given, flags, terminal) => serve(flags, terminal),
});

async function serve(flags: Flags, terminal: Terminal): Promise<void> {
  const [{ loadConfig }, { builtIn }, { startServer }] = await Promise.all([
    import("../../engine/config/load-config.ts"),
    import("../../engine/config/check-config.ts"),
    import("../../server/start-server.ts"),
  ]);
  const { store, port, host } = flags;
  const environment = {
    ...process.env,
    ...(store !== undefined && { RECOBASE_STORE: store }),
    ...(port !== undefined && { RECOBASE_PORT: String(port) }),
    ...(host !== undefined && { RECOBASE_HOST: host }),
  };
  const { config: loaded, path } = await loadConfig(flags.config, environment, builtIn());
  const config: ServerConfig = flags.log === undefined ? loaded : { ...loaded, log: flags.log };
  const told = stopSignal();
  const server = await startServer(config, { keyless: flags.keyless ?? false, newKey: flags.newKey ?? false });
  try {
    const lines = [
      `RecoBase ${version} is running at ${server.address}`,
      `  API reference  ${server.address}/docs`,
      `  data           ${withoutPassword(config.store ?? "recobase.db")}`,
      `  configuration  ${path ?? 'none, using defaults ("recobase init" writes one)'}`,
      ...(server.firstKey === undefined ? [] : [`  admin key      ${server.firstKey}`, "                 shown only once: save it now"]),
      "Press Ctrl-C to stop.",
    ];
    await write(terminal.output, `${lines.join("\n")}\n`);
    await told;
  } finally {
    await server.close();
  }
  await write(terminal.output, config.store === "memory" ? "Stopped. Data in memory is gone.\n" : "Stopped. Everything is saved.\n");
}

/** npm and the terminal both pass on a Ctrl-C: a signal within this many milliseconds is the same one. */
const SAME_SIGNAL = 1000;

/** Resolves at the first signal to stop. A later signal ends the process immediately. */
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
