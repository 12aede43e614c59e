import type { FeatureTable } from "../../data/features.ts";
import { defineModel, type ModelFactory } from "../../model/define-model.ts";
import { Histories } from "../../model/histories.ts";
import { float } from "../../model/options.ts";

// Small models for tests, at least one for each need and each way to score. They aren't registered.

/** Items that came right after the last one of the history. */
export const markov = defineModel({
  name: "markov",
  family: "test",
  needs: ["order"],
  options: { decay: float(0.01, { min: 0, max: 1 }) },
  fit(data, _options, { histories: { rows, offsets, item } }) {
    const items = data.items.size;
    const follows = new Float32Array(items * items);
    for (let row = 0; row < rows; row++) for (let e = offsets[row] + 1; e < offsets[row + 1]; e++) follows[item[e - 1] * items + item[e]]++;
    return { items, follows };
  },
  scoreSome({ items, follows }, { rows, offsets, item }, emit, { decay }) {
    for (let row = 0; row < rows; row++)
      for (let e = offsets[row + 1] - 1, weight = 1; e >= offsets[row]; e--, weight *= decay)
        for (let next = 0; next < items; next++)
          if (follows[item[e] * items + next] > 0) emit(row, next, weight * follows[item[e] * items + next]);
  },
});

/** Co-occurrence, where items of the history fade with their age at the time of the query. */
export const fading = defineModel({
  name: "fading",
  family: "test",
  needs: ["times"],
  options: {},
  fit(data, _options, { histories }) {
    const { rows, offsets, indices } = histories.bag();
    const items = data.items.size;
    const together = new Float32Array(items * items);
    for (let row = 0; row < rows; row++)
      for (const i of indices.subarray(offsets[row], offsets[row + 1]))
        for (const j of indices.subarray(offsets[row], offsets[row + 1])) if (i !== j) together[i * items + j]++;
    return { items, together };
  },
  score({ items, together }, { rows, offsets, item, time, at }, out) {
    out.fill(0);
    for (let row = 0; row < rows; row++)
      for (let e = offsets[row]; e < offsets[row + 1]; e++) {
        const days = ((at?.[row] ?? 0) - (time?.[e] ?? 0)) / 86_400_000;
        for (let j = 0; j < items; j++) out[row * items + j] += together[item[e] * items + j] / (1 + days);
      }
  },
});

const kindNames = ["red", "blue", "green", "black"];

/** One vector per item, from its kind. New items get theirs the same way. */
function kindVectors(features: FeatureTable, count: number): Float32Array {
  const { kind } = features;
  const factors = new Float32Array(count * 4);
  for (let item = 0; item < count; item++) {
    const name = kind?.type === "category" ? kind.names[kind.codes[item]] : undefined;
    if (name !== undefined) factors[item * 4 + kindNames.indexOf(name)] = 1;
  }
  return factors;
}

/** Items of the same kinds as the history. */
export const content = defineModel({
  name: "content",
  family: "test",
  needs: ["itemFeatures"],
  options: {},
  fit: (data) => ({ factors: kindVectors(data.itemFeatures, data.items.size) }),
  embed({ factors }, histories, out) {
    const { rows, offsets, indices } = histories.bag();
    out.fill(0);
    for (let row = 0; row < rows; row++)
      for (let e = offsets[row]; e < offsets[row + 1]; e++) for (let d = 0; d < 4; d++) out[row * 4 + d] += factors[indices[e] * 4 + d];
  },
  itemFactors: ({ factors }) => ({ dimensions: 4, factors }),
  extend({ factors }, features, count) {
    const longer = new Float32Array(factors.length + count * 4);
    longer.set(factors);
    longer.set(kindVectors(features, count), factors.length);
    return { factors: longer };
  },
});

/** How often items were chosen in the same context. */
export const moment = defineModel({
  name: "moment",
  family: "test",
  ignoresHistory: true,
  needs: ["context"],
  options: {},
  fit(data) {
    const counts = new Float32Array(data.items.size * 4);
    const kind = data.interactions.context?.kind;
    if (kind?.type === "category")
      for (const [row, item] of data.interactions.item.entries()) counts[item * 4 + kindNames.indexOf(kind.names[kind.codes[row]])]++;
    return { counts };
  },
  scorePairs({ counts }, { rows, context }, { offsets, item }, out) {
    const kind = context?.kind;
    if (kind?.type !== "category") throw new Error("The query has no context.");
    for (let row = 0; row < rows; row++)
      for (let e = offsets[row]; e < offsets[row + 1]; e++) out[e] = counts[item[e] * 4 + kindNames.indexOf(kind.names[kind.codes[row]])];
  },
});

/** How often items were chosen by users of the same kind. */
export const people = defineModel({
  name: "people",
  family: "test",
  ignoresHistory: true,
  needs: ["userFeatures"],
  options: {},
  fit(data) {
    const counts = new Float32Array(data.items.size * 4);
    const { kind } = data.userFeatures;
    const { user, item } = data.interactions;
    if (kind?.type === "category")
      for (const [row, index] of item.entries()) counts[index * 4 + kindNames.indexOf(kind.names[kind.codes[user[row]]])]++;
    return { items: data.items.size, counts };
  },
  score({ items, counts }, { rows, person }, out) {
    const kind = person?.kind;
    if (kind?.type !== "category") throw new Error("The query has no user features.");
    for (let row = 0; row < rows; row++)
      for (let item = 0; item < items; item++) out[row * items + item] = counts[item * 4 + kindNames.indexOf(kind.names[kind.codes[row]])];
  },
});

/** Items from the same sessions (or baskets) as those of the history; older sessions count less. */
function groupModel(name: string, need: "sessions" | "baskets"): ModelFactory {
  return defineModel({
    name,
    family: "test",
    needs: [need],
    options: {},
    fit(data, _options, { histories: { rows, offsets, item, group } }) {
      const items = data.items.size;
      const together = new Float32Array(items * items);
      for (let row = 0; row < rows; row++)
        for (let e = offsets[row]; e < offsets[row + 1]; e++)
          for (let f = offsets[row]; f < offsets[row + 1]; f++)
            if (e !== f) together[item[e] * items + item[f]] += group?.[e] === group?.[f] ? 1 : 0.1;
      return { items, together };
    },
    scoreSome({ items, together }, { rows, offsets, item, group, current }, emit) {
      for (let row = 0; row < rows; row++)
        for (let e = offsets[row]; e < offsets[row + 1]; e++) {
          const age = (current?.[row] ?? 0) - (group?.[e] ?? 0);
          for (let j = 0; j < items; j++) if (together[item[e] * items + j] > 0) emit(row, j, together[item[e] * items + j] / (1 + age));
        }
    },
  });
}

/** Co-occurrence, where purchases count three times. */
export const buying = defineModel({
  name: "buying",
  family: "test",
  needs: ["behaviors"],
  options: {},
  fit(data, _options, { histories: { rows, offsets, item } }) {
    const items = data.items.size;
    const together = new Float32Array(items * items);
    for (let row = 0; row < rows; row++)
      for (let e = offsets[row]; e < offsets[row + 1]; e++)
        for (let f = offsets[row]; f < offsets[row + 1]; f++) if (e !== f) together[item[e] * items + item[f]]++;
    return { items, values: together };
  },
  itemToItem: ({ items, values }) => ({ kind: "dense", items, values }),
  profile(_state, histories) {
    const weight = histories.type ? histories.weight.map((one, e) => (histories.type?.[e] === 1 ? 3 * one : one)) : histories.weight;
    const { rows, items, offsets, item } = histories;
    return new Histories({ rows, items, offsets, item, weight }).bag();
  },
});

/** Items of users with many incoming links. */
export const linked = defineModel({
  name: "linked",
  family: "test",
  ignoresHistory: true,
  needs: ["links"],
  options: {},
  fit(data) {
    const followers = new Float32Array(data.users.size);
    for (const user of data.links?.to ?? []) followers[user]++;
    const scores = new Float32Array(data.items.size);
    data.interactions.item.forEach((item, row) => {
      scores[item] += followers[data.interactions.user[row]];
    });
    return { scores };
  },
  score({ scores }, { rows }, out) {
    for (let row = 0; row < rows; row++) out.set(scores, row * scores.length);
  },
});

/** All toy models. */
export const toyModels: readonly ModelFactory[] = [
  markov,
  fading,
  content,
  moment,
  people,
  groupModel("sessions", "sessions"),
  groupModel("baskets", "baskets"),
  buying,
  linked,
] as readonly ModelFactory[];
