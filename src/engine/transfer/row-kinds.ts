/** What can be imported and exported. */
export type RowKind = "events" | "items" | "users";

/** The files that are read and written. */
export type RowFormat = "jsonl" | "csv" | "tsv" | "parquet";
