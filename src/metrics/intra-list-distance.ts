import type { Csr } from "../data/csr.ts";
import type { JudgedList } from "./metric.ts";

/**
 * Mean distance between the pairs of a list; the distance of two items is 1 - cosine of their rows, taken as sets. Items with an empty row have
 * no distance and are left out. NaN if fewer than two remain.
 *
 * The sum of all pairwise cosines comes from the length of the sum of the n unit vectors, |sum|² = n + 2 * (sum over pairs). So the cost is
 * linear in the entries of the rows, not quadratic in the length of the list.
 */
export function intraListDistance(rows: Csr): (list: JudgedList, k: number) => number {
  const { offsets, indices, columns } = rows;
  const sum = new Float64Array(columns);
  return ({ items }, k) => {
    const end = Math.min(k, items.length);
    let n = 0;
    let square = 0;
    for (let i = 0; i < end; i++) {
      const from = offsets[items[i]];
      const to = offsets[items[i] + 1];
      if (from === to) continue;
      n++;
      const unit = 1 / Math.sqrt(to - from);
      for (let at = from; at < to; at++) {
        const before = sum[indices[at]];
        // (before + unit)² - before²
        square += unit * (2 * before + unit);
        sum[indices[at]] = before + unit;
      }
    }
    for (let i = 0; i < end; i++) for (let at = offsets[items[i]]; at < offsets[items[i] + 1]; at++) sum[indices[at]] = 0;
    // Rounding must not make the distance of equal items negative.
    return n < 2 ? Number.NaN : Math.min(1, Math.max(0, 1 - (square - n) / (n * (n - 1))));
  };
}
