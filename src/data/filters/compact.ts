import { Dataset } from "../dataset.ts";
import { takeFeatures } from "../features.ts";
import { recodeLinks } from "../interactions.ts";
import { Vocabulary } from "../vocabulary.ts";

/**
 * The same interactions over vocabularies of only the users and items that have any, in their original order. Features are kept.
 */
export function compact(data: Dataset): Dataset {
  const users = used(data.interactions.user, data.users.size);
  const items = used(data.interactions.item, data.items.size);
  if (users.kept.length === data.users.size && items.kept.length === data.items.size) return data;
  return new Dataset({
    users: new Vocabulary(
      "user",
      Array.from(users.kept, (index) => data.users.id(index)),
    ),
    items: new Vocabulary(
      "item",
      Array.from(items.kept, (index) => data.items.id(index)),
    ),
    interactions: {
      ...data.interactions,
      user: data.interactions.user.map((index) => users.place[index]),
      item: data.interactions.item.map((index) => items.place[index]),
    },
    eventTypes: data.eventTypes,
    userFeatures: takeFeatures(data.userFeatures, users.kept),
    itemFeatures: takeFeatures(data.itemFeatures, items.kept),
    links: data.links && recodeLinks(data.links, (user) => (users.seen[user] === 1 ? users.place[user] : undefined)),
    provenance: [...data.provenance, { step: "compact", users: users.kept.length, items: items.kept.length }],
  });
}

/** Which indices occur (1), those indices ascending, and the new index of each. */
function used(indices: Uint32Array, size: number): { seen: Uint8Array; kept: Int32Array; place: Uint32Array } {
  const seen = new Uint8Array(size);
  for (let i = 0; i < indices.length; i++) seen[indices[i]] = 1;
  const place = new Uint32Array(size);
  const kept: number[] = [];
  for (let index = 0; index < size; index++)
    if (seen[index] === 1) {
      place[index] = kept.length;
      kept.push(index);
    }
  return { seen, kept: Int32Array.from(kept), place };
}
