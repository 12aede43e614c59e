import { NOT_UTF8, shown } from "./bad-rows.ts";
import { Batch } from "./batch.ts";
import type { Collector } from "./collector.ts";
import { type ColumnChoices, roles } from "./columns.ts";
import { DelimitedScanner } from "./delimited.ts";

/** What is known about a delimited file before its rows are read. */
export interface ScanPlan {
  readonly name: string;
  readonly delimiter: string;
  /** Fields per row. */
  readonly width: number;
  readonly choices: ColumnChoices;
}

/**
 * Reads the rows of a delimited file into the collector; bad rows go to its list.
 *
 * @param options `skip`: rows to skip at the start (the header)
 */
export async function scanRows(
  blocks: AsyncIterable<Uint8Array>,
  plan: ScanPlan,
  options: { readonly skip: number; readonly signal?: AbortSignal },
  collector: Collector,
): Promise<void> {
  const { isUtf8 } = await import("node:buffer");
  const { name, width, choices } = plan;
  const { bad } = collector;
  const wanted = roles.filter((role) => choices[role] !== undefined);
  const moments = collector.moments?.columns.map(({ choice }) => choice.index) ?? [];
  const columns = [...wanted.map((role) => choices[role]?.index as number), ...moments];

  const batch = new Batch(wanted, moments.length);
  const starts = [...wanted.map((role) => batch.starts[role]), ...batch.moments.map((column) => column.starts)];
  const ends = [...wanted.map((role) => batch.ends[role]), ...batch.moments.map((column) => column.ends)];
  let rowsUntilData = options.skip;
  let block: Uint8Array = new Uint8Array(0);
  let checkText = false;
  const flush = () => {
    if (batch.count > 0) collector.addBatch(block, batch, name);
    batch.count = 0;
  };
  const scanner = new DelimitedScanner(plan.delimiter, {
    blockBegin(begun, from, to) {
      block = begun;
      checkText = !isUtf8(begun.subarray(from, to));
    },
    row(_, from, to, fields, line) {
      if (rowsUntilData > 0) {
        rowsUntilData--;
        return;
      }
      if (fields !== width || (checkText && !isUtf8(block.subarray(from[0], to[fields - 1])))) {
        const row = shown(new TextDecoder().decode(block.subarray(from[0], to[fields - 1])));
        if (!bad.wanted) bad.add("", 0, "");
        else if (fields !== width) bad.add(name, line, `${fields} ${fields === 1 ? "field" : "fields"} where ${width} belong: ${row}`);
        else bad.add(name, line, `${NOT_UTF8}: ${row}`);
        return;
      }
      const r = batch.count++;
      batch.lines[r] = line;
      for (let c = 0; c < columns.length; c++) {
        starts[c][r] = from[columns[c]];
        ends[c][r] = to[columns[c]];
      }
      if (batch.full) flush();
    },
    broken(line, reason, text) {
      bad.add(name, line, `${reason}: ${shown(text)}`);
    },
    blockEnd: flush,
  });
  await scanner.scan(blocks, options.signal);
}
