import { RecoError } from "../../util/errors.ts";
import { throwIfAborted } from "../../util/progress.ts";
import { Dataset } from "../dataset.ts";
import type { ReadOptions } from "../load-options.ts";
import type { LoadStep } from "../summary.ts";
import { timeReader } from "../time-reader.ts";
import { BadRows } from "./bad-rows.ts";
import { Collector } from "./collector.ts";
import { readDelimitedFile } from "./read-delimited.ts";
import { readJsonLines } from "./read-json-lines.ts";
import { readParquet } from "./read-parquet.ts";
import type { ReadRequest } from "./read-request.ts";
import { replayed } from "./replayed.ts";
import type { Dialect } from "./sniff.ts";
import { readBytes, type Source } from "./sources.ts";
import { readText, type TextFile } from "./text-file.ts";

/** Reads files one after another into one dataset, including repeats. */
export async function readFiles(sources: readonly Source[], options: ReadOptions): Promise<Dataset> {
  const { onProgress, signal, onError = "fail" } = options;
  const bad = new BadRows();
  const collector = new Collector(bad, options.groups, timeReader(options));
  const total = sources.reduce((sum, { size }) => sum + size, 0);
  let before = 0;
  let dialect: Dialect | undefined;
  const formats = new Set<string>();
  let encoding: TextFile["encoding"];
  for (const source of sources) {
    throwIfAborted(signal);
    const task = `reading ${source.name === "-" ? "standard input" : source.name}`;
    const known = collector.rows;
    const report = (read: number, rows = collector.rows - known) =>
      onProgress?.({ task, done: before + read, total, note: `${(known + rows).toLocaleString("en")} rows` });
    const text = await readText(
      readBytes(source, (read) => report(read)),
      source.name === "-" ? "Standard input" : source.name,
      options.encoding,
    );
    const { blocks } = text;
    encoding ??= text.encoding;
    try {
      const first = await blocks.next();
      if (first.done) continue;
      const format = options.format ?? formatOf(first.value, source.name);
      formats.add(format);
      const request: ReadRequest = {
        name: source.name,
        size: source.size,
        plain:
          text.plain &&
          options.timeFormat === undefined &&
          options.timeZone === undefined &&
          source.size > 0 &&
          !source.name.endsWith(".gz"),
        onBytes: report,
        blocks: replayed(first.value, blocks),
        given: options,
        delimiter: options.delimiter,
        header: options.header,
        dialect,
        signal,
      };
      if (format === "parquet") await readParquet(request, collector);
      else if (format === "json-lines") await readJsonLines(request, collector);
      else dialect = await readDelimitedFile(request, collector);
    } finally {
      await blocks.return?.();
      before += source.size;
    }
  }
  const files = sources.map(({ name }) => name);
  if (collector.rows === 0) {
    const what = dialect?.header ? `only a header (${dialect.names.join(", ")})` : "nothing";
    throw new RecoError(
      "empty-data",
      `${files.join(", ")} ${files.length === 1 ? "contains" : "contain"} ${what}: there are no interactions to read.`,
    );
  }
  if (onError === "fail") bad.throwIfAny(collector.rows);
  if (collector.size === 0) {
    const { file, line, reason } = bad.first[0];
    throw new RecoError("empty-data", `All ${bad.count.toLocaleString("en")} rows are bad. The first is ${file}:${line}: ${reason}.`);
  }
  const { timeUnit, ...parts } = collector.finish();
  const step: LoadStep = {
    step: "load",
    files,
    format: [...formats].join(" and "),
    ...(encoding && { encoding: encoding.by === "guess" ? `${encoding.name} (guessed)` : encoding.name }),
    ...(dialect && { delimiter: dialect.delimiter, header: dialect.header }),
    ...(collector.choices && { columns: collector.choices }),
    ...(timeUnit && { timeUnit }),
    ...(options.timeFormat !== undefined && { timeFormat: options.timeFormat }),
    ...(options.timeZone !== undefined && { timeZone: options.timeZone }),
    rows: collector.rows,
    badRows: bad.count,
    firstBadRows: bad.first,
    repeats: "all",
    merged: 0,
  };
  return new Dataset({ ...parts, provenance: [step] });
}

function formatOf(bytes: Uint8Array, name: string): "delimited" | "json-lines" | "parquet" {
  const beginning = new TextDecoder()
    .decode(bytes.subarray(0, 64))
    .replace(/^\ufeff/, "")
    .trimStart();
  if (beginning.startsWith("PAR1")) return "parquet";
  if (/\.json(\.gz)?$/i.test(name) && beginning.startsWith("["))
    throw new RecoError("bad-data", `${name} is a JSON array. Convert it to JSON Lines: one object per line, without commas between them.`);
  return beginning.startsWith("{") ? "json-lines" : "delimited";
}
