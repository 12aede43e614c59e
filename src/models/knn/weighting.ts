import type { Csr } from "../../data/csr.ts";

/** How entries are weighted when rows are compared. */
export type Weighting = "cosine" | "tf-idf" | "bm25";

/** Weighting data computed from the whole dataset. */
export interface ColumnWeights {
  /** Squared weight of each column: rare columns say more about a row. */
  readonly squares: Float32Array;
  /** Average row sum. */
  readonly averageSum: number;
}

/** Rows ready for comparison: the similarity of rows r and s is `left[r] · right[s]`, divided by `lengths[r] lengths[s]` unless BM25. */
export interface WeightedRows {
  readonly left: Csr;
  readonly right: Csr;
  readonly lengths: Float32Array;
}

/** BM25's saturation of repeated interactions and strength of length normalization, as its authors recommend. */
const K1 = 1.2;
const B = 0.75;

/** The weights of columns: `ln(1 + rows / entries of the column)` for TF-IDF and BM25 (Spärck Jones 1972), otherwise 1. */
export function columnWeights(matrix: Csr, weighting: Weighting): ColumnWeights {
  const counts = new Float32Array(matrix.columns);
  for (const column of matrix.indices) counts[column]++;
  let sum = 0;
  for (const value of matrix.values) sum += value;
  const squares = counts.map((count) => (weighting === "cosine" ? 1 : Math.log1p(matrix.rows / Math.max(1, count)) ** 2));
  return { squares, averageSum: sum / Math.max(1, matrix.rows) };
}

/**
 * The weight of an entry is its value (cosine), its square root times the weight of its column (TF-IDF), or its BM25 weight (Robertson and
 * Zaragoza 2009). The column's weight is applied twice in `left` and not in `right`, so that `right` stays all ones if the data is.
 */
export function weightedRows(matrix: Csr, weighting: Weighting, { squares, averageSum }: ColumnWeights): WeightedRows {
  const { rows, offsets, indices, values } = matrix;
  const same = weighting === "cosine" || (weighting === "tf-idf" && values.every((value) => value === 1));
  const terms = same ? values : new Float32Array(values.length);
  const left = weighting === "cosine" ? values : new Float32Array(values.length);
  const lengths = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const [from, to] = [offsets[row], offsets[row + 1]];
    let sum = 0;
    if (weighting === "bm25") for (let e = from; e < to; e++) sum += values[e];
    const saturation = K1 * (1 - B + (B * sum) / averageSum);
    let length = 0;
    for (let e = from; e < to; e++) {
      if (weighting === "bm25") terms[e] = (values[e] * (K1 + 1)) / (saturation + values[e]);
      else if (!same) terms[e] = Math.sqrt(Math.max(0, values[e]));
      if (weighting !== "cosine") left[e] = terms[e] * squares[indices[e]];
      length += left[e] * terms[e];
    }
    lengths[row] = Math.sqrt(length);
  }
  return { left: { ...matrix, values: left }, right: terms === values ? matrix : { ...matrix, values: terms }, lengths };
}
