import { csrEntry } from "../../data/csr.ts";
import type { Backend } from "../../kernel/backend.ts";
import { contributionsOf } from "../contributions.ts";
import type { FittedModel } from "../fitted-model.ts";
import type { Histories } from "../histories.ts";
import type { OnlineModel } from "./online-model.ts";

/** What each entry of a history adds to a score; undefined if the model can't explain scores. */
export function onlineExplain(model: FittedModel, backend: Backend): OnlineModel["explain"] {
  const { definition, itemCount } = model;
  if (definition.explain === undefined && definition.itemToItem === undefined) return undefined;
  let last: Histories | undefined;
  let known: Histories;
  return (history: Histories, item: number) => {
    const contributions = new Float32Array(history.item.length);
    if (item >= itemCount) return contributions;
    if (history !== last) {
      last = history;
      known = history.within(itemCount);
    }
    const ofBag = contributionsOf(model, known, item, backend);
    for (let e = contributions.length - 1; e >= 0; e--) {
      const at = csrEntry(known.bag(), 0, history.item[e]);
      if (at < 0) continue;
      contributions[e] = ofBag[at];
      ofBag[at] = 0;
    }
    return contributions;
  };
}
