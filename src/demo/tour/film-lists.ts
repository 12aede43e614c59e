import type { Id } from "../../data/vocabulary.ts";
import type { Model } from "../../model/model.ts";
import type { Cinema, Person } from "../../simulate/index.ts";
import { type Ink, inColumns } from "../screen.ts";

/**
 * What a model recommends to a person. Each film comes with reasons and its true rank: its place in the person's preferences, among all
 * films they haven't seen.
 */
export function listFor(person: Person, model: Model, { data, films, truth }: Cinema, ink: Ink, k = 4): string {
  const seen = seenBy(person, data);
  const unseen = data.items.ids.filter((item) => !seen.has(item));
  const places = new Map(truth.favourites(person.id, { k: unseen.length, among: unseen }).map(({ item }, place) => [item, place + 1]));
  const query = { user: person.id };
  const entries = model.recommend(query, { k }).map(({ item }) => {
    const { title, genres, year } = films[data.items.require(item)];
    const place = `true rank ${places.get(item)} of ${unseen.length}`;
    return { item, title, about: `${genres.join(", ")}, ${year}`, place };
  });
  const columns = [{ width: 36, ink: ink.bold }, { width: 34 }, { align: "right", ink: ink.good }] as const;
  const lines = inColumns(
    entries.map(({ title, about, place }) => [title, about, place]),
    columns,
  ).split("\n");
  return entries.flatMap(({ item }, i) => [lines[i], ...because(model, query, item, ink)]).join("\n");
}

/** What a model recommends for a history it has never seen. Each film comes with reasons. */
export function listForHistory(history: readonly Id[], model: Model, ink: Ink, k = 3): string {
  const query = { history };
  return model
    .recommend(query, { k })
    .flatMap(({ item }) => [`  ${ink.bold(titleOf(model, item))}`, ...because(model, query, item, ink)])
    .join("\n");
}

/** The titles of the two strongest reasons in the history; no line if the model can't explain. */
function because(model: Model, query: { user: Id } | { history: readonly Id[] }, item: Id, ink: Ink): string[] {
  const reasons = model.explain?.(query, item).reasons ?? [];
  const titles = reasons
    .filter(({ contribution }) => contribution > 0)
    .slice(0, 2)
    .map((reason) => titleOf(model, reason.item));
  return titles.length === 0 ? [] : [ink.dim(`    because they saw ${titles.join(" and ")}`)];
}

function seenBy(person: Person, data: Cinema["data"]): Set<Id> {
  const { offsets, indices } = data.byUser();
  const row = data.users.require(person.id);
  return new Set(Array.from(indices.subarray(offsets[row], offsets[row + 1]), (item) => data.items.id(item)));
}

/** The title of an item, or its id if it has none. */
export function titleOf(model: Model, item: Id): string {
  return model.titleOf(item) ?? String(item);
}
