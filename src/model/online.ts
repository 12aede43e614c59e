import type { Backend } from "../kernel/backend.ts";
import type { FittedModel } from "./fitted-model.ts";
import { onlineFactors } from "./online/factors.ts";
import { onlineMatrix } from "./online/matrix.ts";
import { onlineNeighbors } from "./online/neighbors.ts";
import type { OnlineModel } from "./online/online-model.ts";
import { onlinePairs } from "./online/pairs.ts";
import { onlineScores } from "./online/scores.ts";
import { onlineSome } from "./online/some.ts";

/**
 * Prepares a model for answering single requests.
 *
 * @param backend where to compute; usually one thread, since a request is too short to split
 * @example
 * ```ts
 * import { createBackend, Dataset, Histories, onlineModel } from "recobase";
 * import { itemKnn } from "recobase/models";
 *
 * const data = Dataset.fromRows([
 *   { user: "ann", item: "alien" }, { user: "ann", item: "aliens" },
 *   { user: "bob", item: "alien" }, { user: "bob", item: "aliens" }, { user: "cat", item: "heat" },
 * ]);
 * const online = onlineModel(await itemKnn().fit(data), createBackend({ threads: 1 }));
 * const [item, weight] = [Uint32Array.of(0), Float32Array.of(1)];
 * const alien = new Histories({ rows: 1, items: 3, offsets: Uint32Array.of(0, 1), item, weight });
 * online.top(alien, { k: 1, allowed: Uint8Array.of(0, 1, 1) }).items; // Uint32Array.of(1)
 * ```
 */
export function onlineModel(model: FittedModel, backend: Backend): OnlineModel {
  const { definition, state, options } = model;
  if (definition.scoreSome !== undefined) return onlineSome(model, backend);
  if (definition.scorePairs !== undefined) return onlinePairs(model, backend);
  const matrix = definition.itemToItem?.(state, options);
  if (matrix?.kind === "sparse") return onlineNeighbors(model, backend, matrix);
  if (matrix?.kind === "dense") return onlineMatrix(model, backend, matrix.values);
  const factors = definition.itemFactors?.(state, options);
  return factors === undefined ? onlineScores(model, backend) : onlineFactors(model, backend, factors);
}
