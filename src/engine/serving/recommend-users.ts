import type { Answer, RecommendRequest } from "../../pipeline/answer.ts";
import { RecoError } from "../../util/errors.ts";
import { itemsToUsers } from "./items-to-users.ts";
import { questionOf } from "./question.ts";
import { recommendationId } from "./recommendation-id.ts";
import type { Prepared, Serving } from "./serving.ts";
import { type RankedUsers, similarUsers } from "./similar-users.ts";

/** Neighbors to retrieve per item. */
const NEIGHBORS = 200;
/** Request fields that don't apply to lists of users. */
const aboutItems = ["filter", "boosts", "candidates", "why"] as const;

/**
 * Answers with users: those likely to want an item, or those similar to a user. The ids in the answer are user ids. No impression is
 * recorded, because nothing was shown to anyone.
 */
export async function recommendUsers(
  serving: Serving,
  name: string,
  asked: Prepared,
  request: RecommendRequest,
  now: number,
): Promise<Answer> {
  for (const field of aboutItems)
    if (request[field] !== undefined)
      throw new RecoError("bad-input", `The recommender "${name}" returns users, and ${field} applies to items. Omit ${field}.`);
  const { store } = serving;
  const { k, ...question } = questionOf(serving, asked.seenBy, request, now);
  const audiences = await serving.audiences();
  const excluded = new Set(request.exclude);
  const wanted = k + excluded.size;
  let ranked: RankedUsers;
  let about: Answer["about"];
  let skipped: Answer["skipped"] = [];
  if (asked.spec.for === "items-to-users") {
    if (question.anchors.length === 0)
      throw new RecoError("bad-input", `The recommender "${name}" is based on items. Pass one or more in items.`);
    const neighbors = await asked.pipeline.run({ ...question, k: NEIGHBORS, trace: false });
    skipped = neighbors.skipped;
    const items = Uint32Array.from(neighbors.items, ({ item }) => item);
    const scores = Float32Array.from(neighbors.items, ({ score }) => score);
    about = Array.from(question.anchors, (item) => store.items.id(item) ?? "");
    ranked = itemsToUsers(store, audiences, serving.weights, question.anchors, { items, scores }, wanted);
  } else {
    if (request.user === undefined && request.history === undefined)
      throw new RecoError("bad-input", `The recommender "${name}" is based on a user. Pass user or history.`);
    const self = request.user === undefined ? -1 : store.users.indexOf(request.user);
    ranked = similarUsers(store, audiences, serving.weights, question.history.items, self, wanted);
  }
  const items: Answer["items"][number][] = [];
  for (let i = 0; i < ranked.users.length && items.length < k; i++) {
    const user = store.users.id(ranked.users[i]);
    if (user === undefined || excluded.has(user)) continue;
    items.push({ item: user, score: ranked.scores[i], propensity: 1, sources: [asked.spec.for ?? name] });
  }
  return { id: recommendationId(now), recommender: name, basis: "rule", items, ...(about && { about }), skipped };
}
