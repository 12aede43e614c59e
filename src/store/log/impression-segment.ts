import type { Impression } from "../store.ts";
import { narrow, narrowTimes, packTexts, range, unpackTexts, widen, widenTimes } from "./narrow.ts";
import { type PackedColumn, pack, unpack } from "./packed.ts";

interface Header {
  readonly lists: number;
  readonly times: { readonly base?: number; readonly unit?: number };
  readonly from: number | null;
  readonly to: number | null;
}

const KIND = "impressions 1";

/**
 * Packs impressions, oldest first: one row per list, one row per item shown, and the scores of sources list by list. Names are stored once.
 */
export function writeImpressions(impressions: readonly Impression[]): Uint8Array {
  const users = new Names();
  const recommenders = new Names();
  const items = new Names();
  const featureSets = new Names();
  const variants = new Names();
  const shown = impressions.reduce((sum, impression) => sum + impression.items.length, 0);
  const values = impressions.reduce((sum, impression) => sum + impression.items.length * Object.keys(impression.features).length, 0);
  const item = new Uint32Array(shown);
  const score = new Float32Array(shown);
  const propensity = new Float32Array(shown);
  const feature = new Float32Array(values);
  let row = 0;
  let value = 0;
  for (const impression of impressions) {
    for (const list of Object.values(impression.features)) {
      feature.set(list, value);
      value += impression.items.length;
    }
    score.set(impression.scores, row);
    propensity.set(impression.propensities, row);
    for (const id of impression.items) item[row++] = items.code(id);
  }
  const time = Float64Array.from(impressions, (impression) => impression.time);
  const { column, ...times } = narrowTimes(time);
  const header: Header = { lists: impressions.length, times, ...range(time) };
  return pack(KIND, header, {
    id: packTexts(impressions.map((impression) => impression.id)),
    time: column,
    // 0 means no user.
    user: narrow(Uint32Array.from(impressions, (impression) => (impression.user === undefined ? 0 : users.code(impression.user) + 1))),
    // Only written while an experiment runs; 0 means none.
    variant: impressions.some((impression) => impression.variant !== undefined)
      ? narrow(Uint32Array.from(impressions, ({ variant }) => (variant === undefined ? 0 : variants.code(JSON.stringify(variant)) + 1)))
      : undefined,
    recommender: narrow(Uint32Array.from(impressions, (impression) => recommenders.code(impression.recommender))),
    shown: narrow(Uint32Array.from(impressions, (impression) => impression.items.length)),
    features: narrow(Uint32Array.from(impressions, (impression) => featureSets.code(JSON.stringify(Object.keys(impression.features))))),
    item: narrow(item),
    score,
    propensity: propensity.every((p) => p === 1) ? undefined : propensity,
    feature,
    userIds: packTexts(users.list()),
    recommenderNames: packTexts(recommenders.list()),
    itemIds: packTexts(items.list()),
    featureNames: packTexts(featureSets.list()),
    variantNames: packTexts(variants.list()),
  });
}

/** Reads impressions back. @throws RecoError `bad-data` if the block is damaged */
export function readImpressions(bytes: Uint8Array): Impression[] {
  const { header, columns } = unpack<Header>(KIND, bytes);
  const count = header.lists;
  const codes = (name: string) => widen(columns[name], count);
  const [user, recommender, shown, features] = ["user", "recommender", "shown", "features"].map(codes);
  const ids = unpackTexts(columns.id);
  const time = widenTimes({ column: columns.time as PackedColumn, ...header.times });
  const userIds = unpackTexts(columns.userIds);
  const recommenders = unpackTexts(columns.recommenderNames);
  const itemIds = unpackTexts(columns.itemIds);
  const featureSets = unpackTexts(columns.featureNames).map((names) => JSON.parse(names) as string[]);
  const variant = columns.variant === undefined ? new Uint8Array(count) : widen(columns.variant, count);
  const variants = unpackTexts(columns.variantNames).map((text) => JSON.parse(text) as NonNullable<Impression["variant"]>);
  const score = columns.score as Float32Array;
  const item = widen(columns.item, score.length);
  const propensity = (columns.propensity as Float32Array | undefined) ?? new Float32Array(score.length).fill(1);
  const feature = columns.feature as Float32Array;
  let row = 0;
  let value = 0;
  return ids.map((id, i) => {
    const [start, end] = [row, row + shown[i]];
    row = end;
    const lists: Record<string, Float32Array> = {};
    for (const name of featureSets[features[i]]) {
      lists[name] = feature.subarray(value, value + shown[i]);
      value += shown[i];
    }
    return {
      id,
      time: time[i],
      ...(user[i] === 0 ? {} : { user: userIds[user[i] - 1] }),
      recommender: recommenders[recommender[i]],
      ...(variant[i] === 0 ? {} : { variant: variants[variant[i] - 1] }),
      items: Array.from(item.subarray(start, end), (code) => itemIds[code]),
      scores: score.subarray(start, end),
      propensities: propensity.subarray(start, end),
      features: lists,
    };
  });
}

/** The earliest and latest time of the impressions in a block, without reading the columns. */
export function describeImpressions(bytes: Uint8Array): { from: number; to: number } {
  const { from, to } = unpack<Header>(KIND, bytes).header;
  return { from: from ?? Number.NaN, to: to ?? Number.NaN };
}

/** Whether a block has impressions of a user, without decoding the rest. */
export function impressionsOf(bytes: Uint8Array, user: string): boolean {
  return unpackTexts(unpack<Header>(KIND, bytes).columns.userIds).includes(user);
}

/** Names with codes in order of first appearance. */
class Names {
  readonly #codes = new Map<string, number>();

  code(name: string): number {
    let code = this.#codes.get(name);
    if (code === undefined) {
      code = this.#codes.size;
      this.#codes.set(name, code);
    }
    return code;
  }

  list(): string[] {
    return [...this.#codes.keys()];
  }
}
