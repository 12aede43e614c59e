import { RecoError } from "./errors.ts";

/**
 * DuckDB, which reads and writes Parquet. An optional dependency, because it is 70 MB.
 *
 * @throws RecoError `unsupported` if it isn't installed
 */
export async function loadDuckdb(): Promise<typeof import("@duckdb/node-api")> {
  try {
    return await import("@duckdb/node-api");
  } catch (cause) {
    const message = 'Parquet files need DuckDB, which isn\'t installed. Run "npm install @duckdb/node-api", or use CSV or JSON Lines.';
    throw new RecoError("unsupported", message, { cause });
  }
}
