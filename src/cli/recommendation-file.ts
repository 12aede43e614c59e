import { open } from "node:fs/promises";
import type { Id, Vocabulary } from "../data/vocabulary.ts";
import type { Model, RecommendOptions } from "../model/model.ts";
import type { Query } from "../model/query.ts";
import { writeAtomically } from "../util/atomic-file.ts";
import { loadDuckdb } from "../util/duckdb.ts";
import { RecoError } from "../util/errors.ts";
import { didYouMean } from "../util/nearest-names.ts";
import { type OnProgress, step } from "../util/progress.ts";
import { shortScore } from "./numbers.ts";
import { writing } from "./writing.ts";

/** One row of a file of recommendations. */
interface Row {
  /** null for a history. */
  readonly user: Id | null;
  /** 1 for the best. */
  readonly rank: number;
  readonly item: Id;
  readonly score: number;
  readonly title?: string | undefined;
}

const endings = ["csv", "tsv", "jsonl", "parquet"] as const;
type Ending = (typeof endings)[number];

/** Queries per batch: limits memory, and lets signals and progress through. */
const BATCH = 2000;

/** Maximum rows in a DuckDB chunk. */
const VECTOR = 2048;

/** The format implied by the name of a file. @throws RecoError `bad-input` */
export function recommendationFormat(path: string): Ending {
  const ending = /\.([^./\\]+)$/.exec(path)?.[1].toLowerCase() ?? "";
  const found = endings.find((one) => one === ending);
  if (found === undefined)
    throw new RecoError(
      "bad-input",
      `${path}: the name must end in ${endings.map((one) => `.${one}`).join(", ")}.${didYouMean(ending, endings)}`,
    );
  return found;
}

/** Writes the lists of all queries to a file, completely or not at all, and returns the number of rows. */
export async function writeRecommendations(
  path: string,
  model: Model,
  queries: readonly Query[],
  options: RecommendOptions,
  onProgress: OnProgress,
): Promise<number> {
  const format = recommendationFormat(path);
  let rows = 0;
  const batches = answer(model, queries, options, onProgress, (count) => {
    rows += count;
  });
  await writing(() =>
    writeAtomically(path, (temporary) =>
      format === "parquet" ? writeParquet(temporary, model, batches) : writeText(temporary, format, model, batches),
    ),
  );
  return rows;
}

async function* answer(
  model: Model,
  queries: readonly Query[],
  options: RecommendOptions,
  onProgress: OnProgress,
  onRows: (count: number) => void,
) {
  for (let from = 0; from < queries.length; from += BATCH) {
    await step({ task: "recommending", done: from, total: queries.length }, onProgress, undefined);
    const batch = queries.slice(from, from + BATCH);
    const lists = model.recommendBatch(batch, options);
    const rows = lists.flatMap((list, i) =>
      list.map(
        ({ item, score }, at): Row => ({
          user: batch[i].user ?? null,
          rank: at + 1,
          item,
          score: shortScore(score),
          ...(model.titles && { title: model.titleOf(item) ?? "" }),
        }),
      ),
    );
    onRows(rows.length);
    yield rows;
  }
}

async function writeText(path: string, format: "csv" | "tsv" | "jsonl", model: Model, batches: AsyncIterable<Row[]>): Promise<void> {
  const file = await open(path, "w");
  try {
    if (format === "jsonl") for await (const rows of batches) await file.appendFile(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    else {
      const separator = format === "csv" ? "," : "\t";
      const line = (cells: readonly unknown[]) => `${cells.map((cell) => quoted(String(cell ?? ""), separator)).join(separator)}\n`;
      await file.appendFile(line(["user", "rank", "item", "score", ...(model.titles ? ["title"] : [])]));
      for await (const rows of batches)
        await file.appendFile(
          rows.map(({ user, rank, item, score, title }) => line([user, rank, item, score, ...(model.titles ? [title] : [])])).join(""),
        );
    }
  } finally {
    await file.close();
  }
}

function quoted(text: string, separator: string): string {
  return /["\r\n]|^[ \t]|[ \t]$/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function writeParquet(path: string, model: Model, batches: AsyncIterable<Row[]>): Promise<void> {
  const { BIGINT, DuckDBDataChunk, DuckDBInstance, FLOAT, INTEGER, VARCHAR } = await loadDuckdb();
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const idType = (ids: Vocabulary) => (ids.ids.every((id) => Number.isSafeInteger(id)) ? BIGINT : VARCHAR);
    const types = [idType(model.users), INTEGER, idType(model.items), FLOAT, ...(model.titles ? [VARCHAR] : [])];
    const names = ["user", "rank", "item", "score", "title"];
    await connection.run(`CREATE TABLE lists (${types.map((type, i) => `"${names[i]}" ${type}`).join(", ")})`);
    const appender = await connection.createAppender("lists");
    const value = (id: Id | null, type: (typeof types)[number]) => (id === null ? null : type === BIGINT ? BigInt(id) : String(id));
    for await (const rows of batches)
      for (let from = 0; from < rows.length; from += VECTOR) {
        const part = rows.slice(from, from + VECTOR);
        const chunk = DuckDBDataChunk.create(types);
        chunk.setRows(
          part.map(({ user, rank, item, score, title }) => [
            value(user, types[0]),
            rank,
            value(item, types[2]),
            score,
            ...(model.titles ? [title ?? ""] : []),
          ]),
        );
        appender.appendDataChunk(chunk);
      }
    appender.closeSync();
    await connection.run(`COPY lists TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
