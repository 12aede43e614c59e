import type { Csr } from "../../data/csr.ts";
import type { Backend } from "../../kernel/backend.ts";
import type { FittedModel } from "../fitted-model.ts";
import type { Histories } from "../histories.ts";
import { TopItems } from "../top-items.ts";
import { onlineExplain } from "./explain.ts";
import type { OnlineModel } from "./online-model.ts";

/** Answers from a sparse item-to-item matrix: visits only the neighbors of the history, however large the catalog. */
export function onlineNeighbors(model: FittedModel, backend: Backend, matrix: Csr): OnlineModel {
  const { definition, state, options, itemCount } = model;
  const { offsets, indices, values } = matrix;
  const sums = new Float32Array(itemCount);
  // The turn in which each item was last visited: cheaper than clearing the sums.
  const touchedIn = new Uint32Array(itemCount);
  const touched = new Uint32Array(itemCount);
  const best = new TopItems();
  let turn = 0;
  let count = 0;
  let last: Histories | undefined;

  // One request asks for the best items and then for scores of other sources' candidates: both use the same sums.
  function addUp(history: Histories): void {
    if (history === last) return;
    last = history;
    turn = (turn + 1) >>> 0;
    if (turn === 0) {
      touchedIn.fill(0);
      turn = 1;
    }
    count = 0;
    const known = history.within(itemCount);
    const profile = definition.profile?.(state, known, options) ?? known.bag();
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
    explain: onlineExplain(model, backend),
  };
}
