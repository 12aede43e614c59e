import { RecoError } from "../util/errors.ts";
import type { DatasetParts } from "./dataset-parts.ts";
import { type FeatureTable, stackFeatures, takeFeatures } from "./features.ts";
import { type Links, recodeLinks, stackMoments } from "./interactions.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** All of a dataset, as {@link appendParts} needs it. */
type Whole = Required<Omit<DatasetParts, "links">> & Pick<DatasetParts, "links">;

/** The rows of `data`, then those of `added`, over extended vocabularies. */
export function appendParts(data: Whole, added: Whole): DatasetParts {
  const users = merge(data.users, added.users, data.userFeatures, added.userFeatures);
  const items = merge(data.items, added.items, data.itemFeatures, added.itemFeatures);
  const a = data.interactions;
  const b = added.interactions;
  const [above, below] = [a.user.length, b.user.length];
  const rows = above + below;
  if ((a.time === undefined) !== (b.time === undefined) && above > 0 && below > 0) {
    const [with_, without] = a.time === undefined ? ["The added rows", "the existing rows"] : ["The existing rows", "the added rows"];
    throw new RecoError(
      "bad-input",
      `${with_} have times, ${without} have none, so their order is unknown. Give all rows a time, or none.`,
    );
  }
  const user = new Uint32Array(rows);
  user.set(a.user);
  for (let i = 0; i < below; i++) user[above + i] = users.recode[b.user[i]];
  const item = new Uint32Array(rows);
  item.set(a.item);
  for (let i = 0; i < below; i++) item[above + i] = items.recode[b.item[i]];
  const weight = a.weight || b.weight ? new Float64Array(rows).fill(1) : undefined;
  if (weight && a.weight) weight.set(a.weight);
  if (weight && b.weight) weight.set(b.weight, above);
  const time = a.time || b.time ? new Float64Array(rows) : undefined;
  if (time && a.time) time.set(a.time);
  if (time && b.time) time.set(b.time, above);
  const types = eventTypes(data, added);
  return {
    users: users.vocabulary,
    items: items.vocabulary,
    interactions: {
      user,
      item,
      ...(weight && { weight }),
      ...(time && { time }),
      ...(types.column && { type: types.column }),
      ...stackMoments(a, b),
    },
    eventTypes: types.names,
    userFeatures: users.features,
    itemFeatures: items.features,
    links: joinedLinks(data.links, added.links && recodeLinks(added.links, (user) => users.recode[user])),
    provenance: [...data.provenance, { step: "append", rows: below, from: added.provenance }],
  };
}

function merge(known: Vocabulary, added: Vocabulary, features: FeatureTable, addedFeatures: FeatureTable) {
  const vocabulary = known.extend(added.ids);
  const recode = Uint32Array.from(added.ids, (id) => vocabulary.indexOf(id));
  const source = Int32Array.from({ length: vocabulary.size }, (_, i) => (i < known.size ? i : -1));
  recode.forEach((index, i) => {
    if (index >= known.size) source[index] = known.size + i;
  });
  return { vocabulary, recode, features: takeFeatures(stackFeatures(features, known.size, addedFeatures, added.size), source) };
}

function joinedLinks(a: Links | undefined, b: Links | undefined): Links | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const weight = a.weight || b.weight ? [...(a.weight ?? a.from.map(() => 1)), ...(b.weight ?? b.from.map(() => 1))] : undefined;
  return {
    from: Uint32Array.from([...a.from, ...b.from]),
    to: Uint32Array.from([...a.to, ...b.to]),
    ...(weight && { weight: Float32Array.from(weight) }),
  };
}

function eventTypes(data: Whole, added: Whole): { names: readonly string[]; column?: Uint8Array } {
  const a = data.interactions.type;
  const b = added.interactions.type;
  if (a === undefined && b === undefined) return { names: [] };
  const [above, below] = [data.interactions.user.length, added.interactions.user.length];
  // Rows without a type get the type "".
  const names = [...new Set([...(a ? data.eventTypes : [""]), ...(b ? added.eventTypes : [""])])];
  if (names.length > 256) throw new RecoError("bad-input", `The two parts have ${names.length} event types; at most 256 are supported.`);
  const column = new Uint8Array(above + below);
  const untyped = names.indexOf("");
  for (let i = 0; i < above; i++) column[i] = a ? names.indexOf(data.eventTypes[a[i]]) : untyped;
  for (let i = 0; i < below; i++) column[above + i] = b ? names.indexOf(added.eventTypes[b[i]]) : untyped;
  return { names, column };
}
