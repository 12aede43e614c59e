import { RecoError } from "../../util/errors.ts";
import type { Collector } from "./collector.ts";
import { chooseColumns, type GivenColumns } from "./columns.ts";
import { readCleanFile } from "./ranges.ts";
import type { ReadRequest } from "./read-request.ts";
import { replayed } from "./replayed.ts";
import { type ScanPlan, scanRows } from "./scan-rows.ts";
import { type Dialect, sniffDialect } from "./sniff.ts";

const SAMPLE_BYTES = 1 << 16;

/** Reads CSV, TSV and similar files into the collector. Returns the dialect, or undefined if the file is empty. */
export async function readDelimitedFile(request: ReadRequest, collector: Collector): Promise<Dialect | undefined> {
  const { name, signal } = request;
  const blocks = request.blocks[Symbol.asyncIterator]();
  const { bytes, whole } = await beginning(blocks);
  const sniffed = await sniffDialect(bytes, whole, request.dialect ?? { ...request, columns: namesGiven(request.given) });
  if (sniffed.names.length === 0) return request.dialect;
  const dialect = request.dialect ?? sniffed;
  if (dialect.header && sniffed.names.join("\n") !== dialect.names.join("\n"))
    throw new RecoError(
      "bad-data",
      `${name} has the columns ${sniffed.names.join(", ")}, but the file before it has ${dialect.names.join(", ")}.`,
    );
  collector.choices ??= chooseColumns(dialect.names, dialect.header, dialect.sample, request.given);
  const plan: ScanPlan = { name, delimiter: dialect.delimiter, width: dialect.names.length, choices: collector.choices };
  const skip = sniffed.before + (dialect.header ? 1 : 0);
  const rows = whole || !request.plain ? 0 : expectedRows(bytes, request.size);
  // A line feed in a column name would look like the end of the header.
  const plainHeader = !dialect.names.some((column) => column.includes("\n"));
  if (rows > 0 && plainHeader && (await readCleanFile(request, plan, skip, rows, collector))) return dialect;
  collector.reserve(collector.size + rows);
  await scanRows(replayed(bytes, blocks), plan, { skip, signal }, collector);
  return dialect;
}

/** The columns that are asked for by name. A number in quotes can be a position. */
function namesGiven({ user, item, weight, time, type, session, basket, context = [] }: GivenColumns): string[] {
  return [user, item, weight, time, type, session, basket, ...context].flatMap((column) =>
    typeof column === "string" && !/^\d+$/.test(column) ? [column] : [],
  );
}

/** The expected number of rows in a file of this size, extrapolated from its start. */
function expectedRows(beginning: Uint8Array, size: number): number {
  let lines = 1;
  for (const byte of beginning) if (byte === 10) lines++;
  return Math.min(Math.ceil((1.05 * size * lines) / beginning.length), 2 ** 28);
}

/** The first bytes of a stream, enough to detect its dialect. */
async function beginning(blocks: AsyncIterator<Uint8Array>): Promise<{ bytes: Uint8Array; whole: boolean }> {
  let bytes = new Uint8Array(0);
  while (bytes.length < SAMPLE_BYTES) {
    const next = await blocks.next();
    if (next.done) return { bytes, whole: true };
    const longer = new Uint8Array(bytes.length + next.value.length);
    longer.set(bytes);
    longer.set(next.value, bytes.length);
    bytes = longer;
  }
  return { bytes, whole: false };
}
