import { countingSort } from "../csr.ts";
import type { Dataset } from "../dataset.ts";

/** Users who interacted with the same item more than once. */
export interface Repeats {
  /** Distinct user-item pairs. */
  readonly pairs: number;
  /** Pairs that occur more than once. */
  readonly repeatedPairs: number;
  /** Share of the interactions that repeat an earlier pair. */
  readonly repeatShare: number;
  /** Rows equal to another row in user, item, time, weight and type: usually the same event written twice. */
  readonly duplicateRows: number;
}

export function repeatsOf(data: Dataset): Repeats {
  const { user, item, time, weight, type } = data.interactions;
  const byItem = countingSort(item, data.items.size, undefined).order;
  const { order } = countingSort(user, data.users.size, byItem);
  let pairs = 0;
  let repeatedPairs = 0;
  let duplicateRows = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && user[order[to]] === user[order[from]] && item[order[to]] === item[order[from]]) to++;
    pairs++;
    if (to - from > 1) {
      repeatedPairs++;
      // Without times, equal rows may be separate events.
      if (time !== undefined) {
        const seen = new Set<string>();
        for (let i = from; i < to; i++) seen.add(`${time[order[i]]} ${weight?.[order[i]]} ${type?.[order[i]]}`);
        duplicateRows += to - from - seen.size;
      }
    }
    from = to;
  }
  return { pairs, repeatedPairs, repeatShare: data.size === 0 ? 0 : (data.size - pairs) / data.size, duplicateRows };
}
