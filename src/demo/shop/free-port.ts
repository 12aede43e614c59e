import { createServer } from "node:net";
import { RecoError } from "../../util/errors.ts";

/** Ports that are tried, one after the other. */
const TRIES = 50;

/** The first port from `from` on that nobody listens on, at this host. @throws RecoError `in-use` */
export async function freePort(from: number, host: string): Promise<number> {
  for (let port = from; port < from + TRIES && port < 65_536; port++) if (await isFree(port, host)) return port;
  throw new RecoError("in-use", `The ports from ${from} on are all taken. Give another one: npm start -- --port 8800`);
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
