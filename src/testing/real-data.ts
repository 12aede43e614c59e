import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The folder of a real data set, or undefined if it is missing. Searches `RECOBASE_DATA`, by default `shared/data` next to the repository.
 */
export function realData(name: string): string | undefined {
  const root = process.env.RECOBASE_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));
  const folder = `${root}/${name}`;
  return existsSync(folder) ? folder : undefined;
}
