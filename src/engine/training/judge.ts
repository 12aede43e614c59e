import type { Csr } from "../../data/csr.ts";
import { csrRows } from "../../data/csr.ts";
import type { FittedModel } from "../../model/fitted-model.ts";
import { Histories } from "../../model/histories.ts";
import { seesEntries } from "../../model/needs.ts";
import { NO_ITEM } from "../../model/ranked-lists.ts";
import { RecoError } from "../../util/errors.ts";
import type { Withheld } from "./withheld.ts";

/** How a model did on the held-out events. */
export interface Judgement {
  /** ndcg@10 of each evaluated user, in the row order of {@link Withheld}. */
  readonly ndcg: Float64Array;
  /**
   * Metric by name: `ndcg@10`, `recall@10` (means over users), `coverage@10` (share of all items that appear in some list), `unknown-items`
   * (share of the targets that the model was not fitted on), and the number of `users`.
   */
  readonly metrics: Readonly<Record<string, number>>;
}

const K = 10;
/** Users ranked per block; other work runs between blocks. */
const BLOCK = 1024;

/**
 * Ranks all unseen items for each evaluated user and measures the lists like `evaluate`: for binary gains, ndcg is the same number. If
 * gains differ (values, a mix of types), ndcg uses them as they are, without an exponent.
 *
 * If the model knows fewer items than exist now, it only sees the known items of a history.
 *
 * @param pause awaited between blocks
 * @throws RecoError `bad-input` if every list is empty, as with scores that are not numbers
 */
export async function judge(model: FittedModel, withheld: Withheld, pause: () => Promise<void>): Promise<Judgement> {
  const { histories, seen, relevant } = withheld;
  const asked = historiesFor(model, withheld);
  const items = histories.columns;
  const ndcg = new Float64Array(relevant.rows);
  const shown = new Uint8Array(items);
  const gainOf = new Float32Array(items);
  let recall = 0;
  let unknown = 0;
  const k = Math.min(K, model.itemCount);
  for (let from = 0; from < relevant.rows; from += BLOCK) {
    await pause();
    const rows = Uint32Array.from({ length: Math.min(BLOCK, relevant.rows - from) }, (_, r) => from + r);
    const lists = model.rank(asked.slice(from, from + rows.length), {
      k,
      exclude: firstColumns(csrRows(seen, rows), model.itemCount),
    });
    for (const row of rows) {
      const list = lists.items.subarray((row - from) * k, (row - from + 1) * k);
      const wanted = relevant.indices.subarray(relevant.offsets[row], relevant.offsets[row + 1]);
      const gains = relevant.values.subarray(relevant.offsets[row], relevant.offsets[row + 1]);
      wanted.forEach((item, i) => {
        gainOf[item] = gains[i];
        if (!(model.itemCounts[item] > 0)) unknown++;
      });
      let gain = 0;
      let hits = 0;
      for (let place = 0; place < k && list[place] !== NO_ITEM; place++) {
        shown[list[place]] = 1;
        gain += gainOf[list[place]] / Math.log2(place + 2);
        if (gainOf[list[place]] > 0) hits++;
      }
      ndcg[row] = gain / idealGain(gains);
      recall += hits / wanted.length;
      for (const item of wanted) gainOf[item] = 0;
    }
  }
  if (relevant.rows > 0 && k > 0 && !shown.includes(1))
    throw new RecoError(
      "bad-input",
      `${model.name} recommended nothing to any of ${relevant.rows} users. Check that its scores are numbers.`,
    );
  const users = Math.max(1, relevant.rows);
  return {
    ndcg,
    metrics: {
      "ndcg@10": mean(ndcg),
      "recall@10": recall / users,
      "coverage@10": shown.reduce((sum, one) => sum + one, 0) / Math.max(1, items),
      "unknown-items": unknown / Math.max(1, relevant.indices.length),
      users: relevant.rows,
    },
  };
}

/** The histories of the evaluated users with what the model needs, in the form that serving uses. */
function historiesFor({ needs, repeats }: FittedModel, { histories, entries, person }: Withheld): Histories {
  const about = needs.includes("userFeatures") ? { person } : {};
  if (!seesEntries(needs)) return Histories.ofBag(histories, about);
  const { time, at, type, ...columns } = entries();
  return new Histories(
    { ...columns, ...about, ...(needs.includes("times") && { time, at }), ...(needs.includes("behaviors") && { type }) },
    repeats,
  );
}

/** The gain of the ideal list. */
function idealGain(gains: Float32Array): number {
  const best = gains.slice().sort().reverse();
  let gain = 0;
  for (let place = 0; place < Math.min(K, best.length); place++) gain += best[place] / Math.log2(place + 2);
  return gain;
}

/** The matrix cut to the first `columns` columns. */
function firstColumns(matrix: Csr, columns: number): Csr {
  if (columns >= matrix.columns) return matrix;
  const offsets = new Uint32Array(matrix.rows + 1);
  const indices = new Uint32Array(matrix.indices.length);
  const values = new Float32Array(matrix.indices.length);
  let end = 0;
  for (let row = 0; row < matrix.rows; row++) {
    for (let e = matrix.offsets[row]; e < matrix.offsets[row + 1]; e++) {
      if (matrix.indices[e] >= columns) continue;
      indices[end] = matrix.indices[e];
      values[end++] = matrix.values[e];
    }
    offsets[row + 1] = end;
  }
  return { rows: matrix.rows, columns, offsets, indices: indices.slice(0, end), values: values.slice(0, end) };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
