import { RecoError } from "../../util/errors.ts";
import { Dataset } from "../dataset.ts";
import type { ReadOptions } from "../load-options.ts";
import { BadRows, NOT_UTF8, shown } from "../readers/bad-rows.ts";
import { Batch } from "../readers/batch.ts";
import { Collector } from "../readers/collector.ts";
import { hasMoments } from "../readers/columns.ts";
import { DelimitedScanner } from "../readers/delimited.ts";
import { readBytes } from "../readers/sources.ts";
import { readText } from "../readers/text-file.ts";
import type { LoadStep } from "../summary.ts";
import { sourceOf } from "./layout.ts";

/**
 * Reads lines with a user followed by items of that user, separated by single spaces (or the given delimiter). If the items are `ordered`, the
 * time of each is its position in the user's history, from 0.
 */
export async function readHistories(
  path: string,
  options: ReadOptions,
  layout: string,
  { ordered }: { ordered: boolean },
): Promise<Dataset> {
  if (hasMoments(options))
    throw new RecoError(
      "bad-input",
      `The layout ${layout} has no columns besides users and items, so session, basket and context can't be read from it.`,
    );
  const { isUtf8 } = await import("node:buffer");
  const { onProgress, signal, onError = "fail", delimiter = " " } = options;
  const bad = new BadRows();
  const collector = new Collector(bad);
  collector.choices = { user: { name: "user", index: 0, by: "given" }, item: { name: "item", index: 1, by: "given" } };
  const batch = new Batch(["user", "item"]);
  let block = new Uint8Array(0);
  const flush = () => {
    collector.addBatch(block, batch, path);
    batch.count = 0;
  };
  const scanner = new DelimitedScanner(delimiter, {
    blockBegin(begun) {
      block = begun as Uint8Array<ArrayBuffer>;
    },
    row(bytes, starts, ends, fields, line) {
      const text = bytes.subarray(starts[0], ends[fields - 1]);
      if (!isUtf8(text)) return bad.add(path, line, `${NOT_UTF8}: ${shown(new TextDecoder().decode(text))}`);
      if (starts[0] === ends[0]) return bad.add(path, line, `no user: ${shown(new TextDecoder().decode(text))}`);
      for (let f = 1; f < fields; f++) {
        // Some writers leave a space at the end of a line.
        if (starts[f] === ends[f]) continue;
        const r = batch.count++;
        batch.lines[r] = line;
        batch.starts.user[r] = starts[0];
        batch.ends.user[r] = ends[0];
        batch.starts.item[r] = starts[f];
        batch.ends.item[r] = ends[f];
        if (batch.full) flush();
      }
    },
    broken(line, reason, text) {
      bad.add(path, line, `${reason}: ${shown(text)}`);
    },
    blockEnd: flush,
  });
  const source = await sourceOf(path);
  const report = (done: number) =>
    onProgress?.({ task: `reading ${path}`, done, total: source.size, note: `${collector.size.toLocaleString("en")} interactions` });
  const { blocks } = await readText(readBytes(source, report), path, options.encoding);
  await scanner.scan(blocks, signal);
  if (onError === "fail") bad.throwIfAny(collector.rows);
  if (collector.size === 0)
    throw new RecoError("empty-data", `${path} has no interactions. Each line must have a user and then items, separated by spaces.`);
  const { users, items, interactions } = collector.finish();
  const step: LoadStep = {
    step: "load",
    files: [path],
    format: "histories",
    layout,
    delimiter,
    ...(ordered && { timeUnit: "clock" }),
    rows: collector.rows,
    badRows: bad.count,
    firstBadRows: bad.first,
    repeats: "all",
    merged: 0,
  };
  const time = ordered ? { time: placesInHistory(interactions.user, users.size) } : {};
  return new Dataset({ users, items, interactions: { ...interactions, ...time }, provenance: [step] });
}

function placesInHistory(user: Uint32Array, users: number): Float64Array {
  const next = new Uint32Array(users);
  return Float64Array.from(user, (u) => next[u]++);
}
