import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The folder of a real data set used in development, or undefined where it is missing. Looked for in `RECOBASE_DATA`, else in
 * `../shared/data` beside the repository.
 */
export function realData(name: string): string | undefined {
  const root = process.env.RECOBASE_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));
  const folder = `${root}/${name}`;
  return existsSync(folder) ? folder : undefined;
}
