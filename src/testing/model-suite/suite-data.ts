import { Dataset, type InteractionRow } from "../../data/dataset.ts";
import type { FeatureTable } from "../../data/features.ts";
import type { Interactions } from "../../data/interactions.ts";
import type { ModelFactory } from "../../model/define-model.ts";
import type { Need } from "../../model/needs.ts";
import { Random } from "../../util/random.ts";

/** Everything a model can need. */
export const ALL_NEEDS: readonly Need[] = [
  "order",
  "times",
  "itemFeatures",
  "userFeatures",
  "context",
  "sessions",
  "baskets",
  "links",
  "behaviors",
];

/** One row per hour. */
const HOUR = 3_600_000;
export const START = 1_000_000 * HOUR;

/**
 * Users like items of their own color; one square of each user's color is withheld. Rating models also see low ratings of the other color. The
 * data has the columns that the model needs; the color is the feature of items, users and context.
 */
export function checkerboard(factory: ModelFactory): { data: Dataset; withheld: { user: number; item: number }[] } {
  const { predicts, needs = [] } = factory.definition;
  // There are many ordered pairs: it takes more users to cover them.
  const [users, items] = [needs.length > 0 ? 240 : 60, 24];
  const ratings = predicts === "rating";
  const random = new Random(5);
  const rows: InteractionRow[] = [];
  const withheld: { user: number; item: number }[] = [];
  for (let user = 0; user < users; user++) {
    const missing = (user * 2 + (user % 2)) % items;
    const own: InteractionRow[] = [];
    for (let item = 0; item < items; item++) {
      const liked = item % 2 === user % 2;
      if (item === missing) withheld.push({ user, item });
      else if (liked) own.push({ user, item, weight: ratings ? 5 : 1 });
      // A few squares of the other color stay open, for a wrong model to recommend.
      else if (ratings && (item + user) % 3 !== 0) own.push({ user, item, weight: 1 });
    }
    rows.push(...(needs.length > 0 ? random.shuffle(own) : own));
  }
  return { data: supplied(Dataset.fromRows(rows), needs, 2), withheld: withheld.filter(({ user, item }) => item % 2 === user % 2) };
}

/** 120 users who each like one of four parts of 60 items, with noise, a long tail, and the columns that the model needs. */
export function taste(factory: ModelFactory, needs: readonly Need[] = factory.definition.needs ?? []): Dataset {
  const random = new Random(11);
  const ratings = factory.definition.predicts === "rating";
  const rows: InteractionRow[] = [];
  for (let user = 0; user < 120; user++) {
    const seen = new Set<number>();
    const part = user % 4;
    while (seen.size < 6 + random.integer(12)) {
      const own = random.uniform() < 0.8;
      const within = Math.floor(15 * random.uniform() ** 2);
      const item = own ? part * 15 + within : random.integer(60);
      if (seen.has(item)) continue;
      seen.add(item);
      const liked = Math.floor(item / 15) === part;
      rows.push({ user: `u${user}`, item: `i${item}`, weight: ratings ? (liked ? 4 : 2) + random.integer(2) : 1 });
    }
  }
  return supplied(Dataset.fromRows(rows), needs, 4);
}

/** The data with the columns for these needs and no others. Items and users fall into `kinds` kinds. */
export function supplied(data: Dataset, needs: readonly Need[], kinds: number): Dataset {
  const { user, item, weight } = data.interactions;
  const rows = data.size;
  const kindOf = (id: unknown) => Math.floor(Number(String(id).replace(/\D/g, "")) / (kinds === 2 ? 1 : 15)) % kinds;
  const itemKinds = data.items.ids.map(kindOf);
  const place = placesWithinUsers(user, data.users.size);
  const random = new Random(23);
  const interactions: Interactions = {
    user,
    item,
    ...(weight && { weight }),
    ...(needs.includes("times") && { time: Float64Array.from({ length: rows }, (_, row) => START + row * HOUR) }),
    ...(needs.includes("behaviors") && { type: Uint8Array.from({ length: rows }, () => (random.uniform() < 0.3 ? 1 : 0)) }),
    ...(needs.includes("sessions") && { session: place.map((at) => Math.floor(at / 4)) }),
    ...(needs.includes("baskets") && { basket: place.map((at) => Math.floor(at / 3)) }),
    ...(needs.includes("context") && { context: kindsTable(Array.from(item, (index) => itemKinds[index])) }),
  };
  const next = Uint32Array.from(data.users.ids.keys(), (index) => (index * 7 + 1) % data.users.size);
  return new Dataset({
    users: data.users,
    items: data.items,
    interactions,
    eventTypes: needs.includes("behaviors") ? ["view", "buy"] : [],
    ...(needs.includes("itemFeatures") && { itemFeatures: kindsTable(itemKinds) }),
    ...(needs.includes("userFeatures") && {
      userFeatures: kindsTable(data.users.ids.map((id) => Number(String(id).replace(/\D/g, "")) % kinds)),
    }),
    ...(needs.includes("links") && { links: { from: Uint32Array.from(next.keys()), to: next } }),
  });
}

/** A feature `kind`, one of a few names. */
export function kindsTable(kinds: readonly number[]): FeatureTable {
  return { kind: { type: "category", codes: Uint32Array.from(kinds), names: ["red", "blue", "green", "black"] } };
}

function placesWithinUsers(user: Uint32Array, users: number): Uint32Array {
  const counts = new Uint32Array(users);
  return user.map((index) => counts[index]++);
}

/** The rows of a dataset, as input for `Dataset.fromRows`. */
export function rowsOf(data: Dataset): InteractionRow[] {
  const { user, item, weight, time, type, session, basket, context } = data.interactions;
  return Array.from(user, (index, row) => ({
    user: data.users.id(index),
    item: data.items.id(item[row]),
    ...(weight && { weight: weight[row] }),
    ...(time && { time: time[row] }),
    ...(type && { type: data.eventTypes[type[row]] }),
    ...(session && { session: `${index} ${session[row]}` }),
    ...(basket && { basket: `${index} ${basket[row]}` }),
    ...(context && { context: kindAt(context, row) }),
  }));
}

/** The features of one entry in a table made by {@link kindsTable}. */
export function kindAt(table: FeatureTable, entry: number): { kind: string } {
  const { kind } = table;
  if (kind?.type !== "category") throw new Error("The table has no kinds.");
  return { kind: kind.names[kind.codes[entry]] };
}
