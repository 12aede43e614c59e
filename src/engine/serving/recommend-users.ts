import type { Answer, RecommendRequest } from "../../pipeline/answer.ts";
import { RecoError } from "../../util/errors.ts";
import { itemsToUsers } from "./items-to-users.ts";
import { questionOf } from "./question.ts";
import { recommendationId } from "./recommendation-id.ts";
import type { Prepared, Serving } from "./serving.ts";
import { type RankedUsers, similarUsers } from "./similar-users.ts";

/** Neighbours of items that are looked for. */
const NEIGHBOURS = 200;
/** What a request for users has no use for. */
const aboutItems = ["filter", "boosts", "candidates", "why"] as const;

/**
 * Answers with users: who would want an item, or who is like a user. The ids in the answer are theirs. Nothing is kept for attribution,
 * since nobody was shown anything.
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
      throw new RecoError("bad-input", `The recommender "${name}" answers with users, and ${field} is about items. Leave it out.`);
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
      throw new RecoError("bad-input", `The recommender "${name}" is about items. Name one or more in items.`);
    const neighbours = await asked.pipeline.run({ ...question, k: NEIGHBOURS, trace: false });
    skipped = neighbours.skipped;
    const items = Uint32Array.from(neighbours.items, ({ item }) => item);
    const scores = Float32Array.from(neighbours.items, ({ score }) => score);
    about = Array.from(question.anchors, (item) => store.items.id(item) ?? "");
    ranked = itemsToUsers(store, audiences, question.anchors, { items, scores }, wanted);
  } else {
    if (request.user === undefined && request.history === undefined)
      throw new RecoError("bad-input", `The recommender "${name}" is about a user. Give user or history.`);
    const self = request.user === undefined ? -1 : store.users.indexOf(request.user);
    ranked = similarUsers(store, audiences, question.history.items, self, wanted);
  }
  const items: Answer["items"][number][] = [];
  for (let i = 0; i < ranked.users.length && items.length < k; i++) {
    const user = store.users.id(ranked.users[i]);
    if (user === undefined || excluded.has(user)) continue;
    items.push({ item: user, score: ranked.scores[i], propensity: 1, sources: [asked.spec.for ?? name] });
  }
  return { id: recommendationId(now), recommender: name, items, ...(about && { about }), skipped };
}
