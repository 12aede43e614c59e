import { type Csr, csrValue } from "../../data/csr.ts";
import type { Backend } from "../../kernel/backend.ts";
import type { Model } from "../model.ts";
import type { OnlineHistory, OnlineModel } from "../online.ts";
import { ownExplain } from "./explain.ts";
import { historyRow } from "./history-row.ts";
import { TopItems } from "./top-items.ts";

/** Answers from a sparse item-to-item matrix: touches the neighbours of the history alone, however large the catalogue. */
export function onlineNeighbors(model: Model, backend: Backend, matrix: Csr): OnlineModel {
  const { definition, state, options } = model;
  const itemCount = model.items.size;
  const { offsets, indices, values } = matrix;
  const sums = new Float32Array(itemCount);
  // The turn in which an item was last touched: cheaper than clearing the sums.
  const touchedIn = new Uint32Array(itemCount);
  const touched = new Uint32Array(itemCount);
  const best = new TopItems();
  let turn = 0;
  let count = 0;
  let last: OnlineHistory | undefined;

  function profileOf(history: OnlineHistory): { profile: Csr; places: Uint32Array } {
    const { row, places } = historyRow(history, itemCount);
    return { profile: definition.profile?.(state, row, options) ?? row, places };
  }

  // A request asks for the best items, and then for scores of the candidates of others: the same sums.
  function addUp(history: OnlineHistory): void {
    if (history === last) return;
    last = history;
    turn = (turn + 1) >>> 0;
    if (turn === 0) {
      touchedIn.fill(0);
      turn = 1;
    }
    count = 0;
    const { profile } = profileOf(history);
    for (let i = 0; i < profile.indices.length; i++) {
      const weight = profile.values[i];
      const item = profile.indices[i];
      for (let e = offsets[item]; e < offsets[item + 1]; e++) {
        const neighbor = indices[e];
        if (touchedIn[neighbor] === turn) sums[neighbor] += weight * values[e];
        else {
          touchedIn[neighbor] = turn;
          sums[neighbor] = weight * values[e];
          touched[count++] = neighbor;
        }
      }
    }
  }

  return {
    model,
    prepared: Promise.resolve(),
    top(history, { k, allowed }) {
      addUp(history);
      best.start(Math.min(k, count));
      for (let i = 0; i < count; i++) if (allowed[touched[i]] === 1) best.offer(touched[i], sums[touched[i]]);
      return best.take();
    },
    score(history, items, out) {
      addUp(history);
      for (let i = 0; i < items.length; i++)
        out[i] = items[i] >= itemCount ? Number.NaN : touchedIn[items[i]] === turn ? sums[items[i]] : 0;
    },
    explain:
      ownExplain(model, backend) ??
      ((history, item) => {
        const contributions = new Float32Array(history.items.length);
        const { profile, places } = profileOf(history);
        for (let at = 0; at < places.length; at++)
          contributions[places[at]] = profile.values[at] * csrValue(matrix, profile.indices[at], item);
        return contributions;
      }),
  };
}
