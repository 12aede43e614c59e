import type { Csr } from "../../data/csr.ts";
import { historiesOf } from "../../model/known-histories.ts";
import type { Model } from "../../model/model.ts";
import { NO_ITEM } from "../../model/ranked-lists.ts";
import { affinity, type Cinema } from "../../simulate/index.ts";

/** The mean true affinity, on the last day, for the k films that a model recommends, over all people who have seen any. */
export function trueLiking(model: Model, { data, people, films }: Cinema, k = 10): number {
  const histories = data.byUser();
  const lists = model.rank(historiesOf(data, model), { k, exclude: histories });
  return meanOver(histories, (row) =>
    Array.from(lists.items.subarray(row * k, (row + 1) * k))
      .filter((item) => item !== NO_ITEM)
      .map((item) => affinity(people[row], films[item], 1)),
  );
}

/** The best possible {@link trueLiking}, and that of random films. */
export function likingBounds({ data, people, films }: Cinema, k = 10): { best: number; blind: number } {
  const histories = data.byUser();
  const unseen = (row: number) => {
    const seen = new Set(histories.indices.subarray(histories.offsets[row], histories.offsets[row + 1]));
    return films.filter((_, item) => !seen.has(item)).map((film) => affinity(people[row], film, 1));
  };
  return {
    best: meanOver(histories, (row) =>
      unseen(row)
        .sort((a, b) => b - a)
        .slice(0, k),
    ),
    blind: meanOver(histories, unseen),
  };
}

function meanOver(histories: Csr, affinitiesOf: (row: number) => number[]): number {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < histories.rows; row++) {
    if (histories.offsets[row] === histories.offsets[row + 1]) continue;
    for (const value of affinitiesOf(row)) {
      sum += value;
      count++;
    }
  }
  return sum / count;
}
