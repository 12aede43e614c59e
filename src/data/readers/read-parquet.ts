import { loadDuckdb } from "../../util/duckdb.ts";
import { RecoError } from "../../util/errors.ts";
import { throwIfAborted } from "../../util/progress.ts";
import type { Collector } from "./collector.ts";
import { chooseColumns, type MomentColumns, type Role, roles } from "./columns.ts";
import type { ReadRequest } from "./read-request.ts";

type WantedRole = Role | keyof MomentColumns<unknown>;

/** Reads a Parquet file with DuckDB, which is loaded only here. */
export async function readParquet(request: Omit<ReadRequest, "blocks">, collector: Collector): Promise<void> {
  const { name, given, signal } = request;
  const { DuckDBInstance } = await loadDuckdb();
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const table = `read_parquet(${quoted(name, "'")})`;
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${table}`);
    const types = new Map(described.getRows().map(([column, type]) => [String(column), String(type)]));
    collector.choices ??= chooseColumns([...types.keys()], true, [], given);
    const wanted = roles.filter((role) => collector.choices?.[role] !== undefined);
    const moments = collector.moments?.columns ?? [];
    const asked: { readonly role: WantedRole; readonly column: string }[] = [
      ...wanted.map((role) => ({ role, column: collector.choices?.[role]?.name as string })),
      ...moments.map(({ role, choice }) => ({ role, column: choice.name })),
    ];
    const expressions = asked.map(({ role, column }) => {
      const type = types.get(column);
      if (type === undefined) throw new RecoError("bad-data", `${name} has no column "${column}", but the file before it does.`);
      return expression(role, quoted(column, '"'), type);
    });
    const result = await connection.stream(`SELECT ${expressions.join(", ")} FROM ${table}`);
    let row = 0;
    for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      throwIfAborted(signal);
      const columns = chunk.getColumns();
      const values: Partial<Record<Role, unknown>> = {};
      for (let r = 0; r < chunk.rowCount; r++) {
        wanted.forEach((role, c) => {
          values[role] = columns[c][r];
        });
        const rest = moments.length > 0 ? moments.map((_, c) => columns[wanted.length + c][r]) : undefined;
        collector.addValues(values, name, ++row, rest);
      }
    }
  } catch (cause) {
    if (cause instanceof RecoError) throw cause;
    throw new RecoError("bad-data", `Can't read ${name} as Parquet: ${cause instanceof Error ? cause.message : cause}`, { cause });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** SQL that turns any column type into plain numbers and strings. */
function expression(role: WantedRole, column: string, type: string): string {
  if (/^(DATE|TIMESTAMP)/.test(type)) return role === "time" ? `(epoch_us(${column}::TIMESTAMP) / 1000)::DOUBLE` : `${column}::VARCHAR`;
  if (role === "weight" && type !== "VARCHAR") return `${column}::DOUBLE`;
  if (role === "time" && type !== "VARCHAR") return `${column}::DOUBLE`;
  if (role === "context" && /^DECIMAL/.test(type)) return `${column}::DOUBLE`;
  return /INT|DOUBLE|FLOAT/.test(type) && type !== "INTERVAL" ? column : `${column}::VARCHAR`;
}

function quoted(text: string, mark: string): string {
  return mark + text.replaceAll(mark, mark + mark) + mark;
}
