/** What can be imported and exported. */
export type RowKind = "events" | "items" | "users";

/** The files that are read and written. */
export type RowFormat = "jsonl" | "csv" | "tsv" | "parquet";

/** What is wrong with a row that has the fields of a request, in a sentence; undefined where nothing is. */
export type RowChecks = Readonly<Record<RowKind, (row: object) => string | undefined>>;
