import type { Answer, AnswerItem, RecommendRequest } from "../../pipeline/answer.ts";
import type { PipelineAnswer } from "../../pipeline/make-answer.ts";
import type { ProjectStore } from "../../store/store.ts";
import { RecoError } from "../../util/errors.ts";
import { didYouMean } from "../../util/nearest-names.ts";
import { joined } from "./answer-pages.ts";
import { questionOf } from "./question.ts";
import { recommendUsers } from "./recommend-users.ts";
import { recommendationId } from "./recommendation-id.ts";
import { refreshed } from "./refreshed.ts";
import type { Serving } from "./serving.ts";

const nothing = new Uint32Array(0);

/**
 * Answers one request: translates ids to indices, combines the user's stored history with the request's, runs the pipeline, and translates
 * indices back to ids. The answer is recorded as an impression, for attribution.
 */
export async function recommend(serving: Serving, name: string, request: RecommendRequest): Promise<Answer> {
  const { store } = serving;
  const stale = await refreshed(store);
  const now = Date.now();
  const asked = serving.pipelineOf(name);
  if (asked.spec.for === "items-to-users" || asked.spec.for === "similar-users") {
    if (request.after !== undefined)
      throw new RecoError("bad-input", `The recommender "${name}" returns users; after continues lists of items.`);
    return recommendUsers(serving, name, asked, request, now);
  }
  const whose = { recommender: name, user: request.user };
  const before = request.after === undefined ? nothing : serving.pages.shown(request.after, whose, now);
  const first = questionOf(serving, asked.seenBy, request, now);
  const question = before.length === 0 ? first : { ...first, exclude: joined(before, first.exclude) };
  if (asked.spec.for === "items" && question.anchors.length === 0)
    throw new RecoError("bad-input", `The recommender "${name}" is based on items. Pass one or more in items.`);
  if (request.return !== undefined) checkReturn(store, request.return);
  const answer = await asked.pipeline.run(question);
  const id = recommendationId(now);
  const items = answer.items.map((entry) => itemOf(store, entry));
  const shown = answer.items.map(({ item }) => item);
  serving.pages.add(id, { ...whose, time: now, shown: joined(before, shown) });
  // Source scores are most of an impression's size, and only a learned scorer uses them.
  const telling = asked.pipeline.parts.learned !== undefined && serving.featured.take(now);
  log(store, { id, time: now, user: request.user, recommender: name }, items, telling ? answer.features : {});
  return {
    id,
    recommender: name,
    basis: answer.basis,
    items: request.return === undefined ? items : withProperties(store, items, request.return),
    ...(answer.anchors.length > 0 && { about: Array.from(answer.anchors, (item) => idOf(store, item)) }),
    skipped: stale === undefined ? answer.skipped : [stale, ...answer.skipped],
    ...(answer.trace && {
      trace: { ...answer.trace, history: answer.trace.history.map(({ item, weight }) => ({ item: idOf(store, item), weight })) },
    }),
    ...(answer.why && { why: whyOf(store, request.why ?? [], answer.why) }),
  };
}

function itemOf(store: ProjectStore, { item, score, propensity, sources, reasons, sourceScores, rules }: AnswerItem<number>): AnswerItem {
  const plain = { item: idOf(store, item), score, propensity, sources };
  if (reasons === undefined) return plain;
  return {
    ...plain,
    reasons: reasons.map(({ item: because, weight }) => ({ item: idOf(store, because), weight })),
    sourceScores: sourceScores ?? {},
    rules: rules ?? [],
  };
}

/** Properties that a request can ask for at once. */
const MOST_RETURNED = 50;

function checkReturn({ catalog }: ProjectStore, names: readonly string[]): void {
  if (names.length > MOST_RETURNED)
    throw new RecoError("bad-input", `return has ${names.length} properties; at most ${MOST_RETURNED} are allowed.`);
  for (const name of names)
    if (!Object.hasOwn(catalog.schema, name))
      throw new RecoError(
        "bad-input",
        `return names ${JSON.stringify(name.slice(0, 64))}, which no item has.${didYouMean(name.slice(0, 64), Object.keys(catalog.schema))}`,
      );
}

function withProperties(store: ProjectStore, items: readonly AnswerItem[], names: readonly string[]): AnswerItem[] {
  return items.map((entry) => {
    const all = store.item(entry.item)?.properties ?? {};
    const wanted = names.filter((name) => Object.hasOwn(all, name));
    return { ...entry, properties: Object.fromEntries(wanted.map((name) => [name, all[name]])) };
  });
}

function idOf({ items }: ProjectStore, index: number): string {
  return items.id(index) ?? "";
}

function log(
  store: ProjectStore,
  { id, time, user, recommender }: { id: string; time: number; user: string | undefined; recommender: string },
  items: readonly AnswerItem[],
  features: PipelineAnswer["features"],
): void {
  const scores = new Float32Array(items.length);
  const propensities = new Float32Array(items.length);
  for (let i = 0; i < items.length; i++) {
    scores[i] = items[i].score;
    propensities[i] = items[i].propensity;
  }
  store.logImpression({ id, time, user, recommender, items: items.map(({ item }) => item), scores, propensities, features });
}

/** In the order of the request, unknown items included. */
function whyOf({ items }: ProjectStore, ids: readonly string[], told: NonNullable<PipelineAnswer["why"]>): NonNullable<Answer["why"]> {
  const byItem = new Map(told.map((why) => [why.item, why]));
  return ids.map((item) => {
    const why = byItem.get(items.indexOf(item));
    return why === undefined ? { item, place: undefined, reason: "Unknown item." } : { ...why, item };
  });
}
