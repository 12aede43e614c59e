/** Versions of the documents that `--json` writes, raised when a reader of the former version would break. See docs/json-output.md. */
export const schemaVersions = {
  convert: 1,
  error: 1,
  evaluate: 1,
  "evaluate-folds": 1,
  explain: 1,
  import: 1,
  inspect: 1,
  model: 1,
  models: 1,
  recommend: 1,
  "recommend-file": 1,
  similar: 1,
  split: 1,
  train: 1,
} as const;

/** One JSON document with its schema first, on one line so that it pipes well. Numbers that JSON lacks become null. */
export function jsonText(kind: keyof typeof schemaVersions, body: object): string {
  const plain = (_key: string, value: unknown) => (ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value);
  return `${JSON.stringify({ schema: `recobase/${kind}@${schemaVersions[kind]}`, ...body }, plain)}\n`;
}
