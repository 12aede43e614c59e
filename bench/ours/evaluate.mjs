// @ts-check
// Evaluates a fitted ALS model with six metrics at 20, all items ranked: node evaluate.mjs DATA. With `export` as second argument it writes
// the vectors of users and items to the cache instead, so that the rivals evaluate the same model.
import { writeFile } from "node:fs/promises";
import { defaultBackend, evaluate } from "recobase";
import { als } from "recobase/models";
import { cached } from "../data.mjs";
import { report, split, timed } from "./runner.mjs";

const [name, task] = process.argv.slice(2);
const data = await split(name);
const model = await als({ factors: 64, epochs: 3, regularization: 0.012, unobservedWeight: 10 }).fit(data.train);
if (task === "export") {
  const { definition, state, options, histories } = model;
  const vectors = new Float32Array(histories.rows * 64);
  definition.embed?.(state, histories, vectors, options, { backend: defaultBackend() });
  await writeFile(cached(`${name}.evaluated.users`), vectors);
  await writeFile(cached(`${name}.evaluated.items`), /** @type {Float32Array} */ (state.factors));
  process.exit(0);
}
data.test.byUser();
const metrics = /** @type {const} */ (["precision", "recall", "hit-rate", "ndcg", "map", "mrr"]);
const { seconds, value } = await timed(() => evaluate([model], data, { k: 20, metrics }));
report({ seconds, ndcg: value.models[0].metrics["ndcg@20"].value, recall: value.models[0].metrics["recall@20"].value });
