import type { Csr } from "../data/csr.ts";
import type { Id, Vocabulary } from "../data/vocabulary.ts";
import { RecoError } from "../util/errors.ts";

/** One interaction of a history. */
export interface HistoryItem {
  readonly item: Id;
  /** Rating, count or confidence, as in the training data; 1 when absent. */
  readonly weight?: number;
}

/**
 * Whom to recommend for: a user of the training data, or anybody by what they did. A user is their history: the two give the same
 * answer for the same interactions.
 */
export type Query =
  | { readonly user: Id; readonly history?: undefined }
  | { readonly history: readonly (Id | HistoryItem)[]; readonly user?: undefined };

/** The histories of queries as compressed rows. @throws RecoError `unknown-user`, `unknown-item`, `bad-input` */
export function historiesOf(queries: readonly Query[], users: Vocabulary, items: Vocabulary, known: Csr): Csr {
  const rows = queries.map((query) => {
    if (query.history !== undefined) return historyRow(query.history, items);
    if (query.user === undefined) throw new RecoError("bad-input", "A query needs a user or a history.");
    const user = users.require(query.user);
    const from = known.offsets[user];
    const to = known.offsets[user + 1];
    return { indices: known.indices.subarray(from, to), values: known.values.subarray(from, to) };
  });
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach((row, r) => {
    offsets[r + 1] = offsets[r] + row.indices.length;
  });
  const indices = new Uint32Array(offsets[rows.length]);
  const values = new Float32Array(offsets[rows.length]);
  rows.forEach((row, r) => {
    indices.set(row.indices, offsets[r]);
    values.set(row.values, offsets[r]);
  });
  return { rows: rows.length, columns: items.size, offsets, indices, values };
}

/** One history, its items ascending; of a repeated item the last entry counts. */
function historyRow(history: readonly (Id | HistoryItem)[], items: Vocabulary): { indices: Uint32Array; values: Float32Array } {
  const weights = new Map<number, number>();
  for (const entry of history) {
    const { item, weight = 1 }: HistoryItem = typeof entry === "object" ? entry : { item: entry };
    if (!Number.isFinite(weight))
      throw new RecoError("bad-input", `The weight of item ${JSON.stringify(item)} is ${weight}; it must be a finite number.`);
    weights.set(items.require(item), weight);
  }
  const indices = Uint32Array.from(weights.keys()).sort();
  return { indices, values: Float32Array.from(indices, (item) => weights.get(item) ?? 1) };
}
