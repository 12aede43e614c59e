import { featureTable } from "../data/feature-values.ts";
import { type FeatureTable, stackFeatures, takeFeatures } from "../data/features.ts";
import { RecoError } from "../util/errors.ts";
import { Histories, type HistoryColumns } from "./histories.ts";
import { seesEntries } from "./needs.ts";
import type { Query } from "./query.ts";
import { type Asked, type HistoryRow, strangerRow } from "./stranger.ts";

/**
 * The histories of queries, one row per query.
 *
 * @throws RecoError `unknown-user`, `unknown-item`, or `bad-input`, for example if a query lacks what the model needs
 */
export function queryHistories(queries: readonly Query[], model: Asked): Histories {
  const known = queries.map((query) => {
    if (query.history === undefined && query.user === undefined)
      throw new RecoError("bad-input", "The query has neither user nor history. Pass one of them.");
    return query.history === undefined ? model.users.require(query.user) : -1;
  });
  const rows = queries.map((query, q) =>
    query.history === undefined ? knownRow(model.histories, known[q], query) : strangerRow(query.history, query, model),
  );
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach((row, r) => {
    offsets[r + 1] = offsets[r] + row.item.length;
  });
  const end = offsets[rows.length];
  const fill = <T extends Uint32Array | Float32Array | Float64Array | Uint8Array>(all: T, of: (row: HistoryRow) => T | undefined): T => {
    rows.forEach((row, r) => {
      const column = of(row);
      if (column !== undefined) all.set(column, offsets[r]);
    });
    return all;
  };
  const { needs, items, repeats } = model;
  const groups = needs.includes("sessions") || needs.includes("baskets");
  const columns: HistoryColumns = {
    rows: rows.length,
    items: items.size,
    offsets,
    item: fill(new Uint32Array(end), (row) => row.item),
    weight: fill(new Float32Array(end), (row) => row.weight),
    ...(needs.includes("times") && { time: fill(new Float64Array(end), (row) => row.time), at: momentsOf(queries, model) }),
    ...(needs.includes("behaviors") && { type: fill(new Uint8Array(end), (row) => row.type) }),
    ...(groups && { group: fill(new Uint32Array(end), (row) => row.group), current: Uint32Array.from(rows, (row) => row.current ?? 0) }),
    ...(needs.includes("context") && { context: contextOf(queries, model) }),
    ...(needs.includes("userFeatures") && { person: personOf(queries, known, model) }),
  };
  if (seesEntries(needs)) return new Histories(columns, repeats);
  const bag = { rows: rows.length, columns: items.size, offsets, indices: columns.item, values: columns.weight };
  return new Histories(columns, repeats, bag);
}

function knownRow({ offsets, item, weight, time, type, group, current }: Histories, user: number, query: Query): HistoryRow {
  const [from, to] = [offsets[user], offsets[user + 1]];
  const renewed = query.session !== undefined || query.basket !== undefined;
  return {
    item: item.subarray(from, to),
    weight: weight.subarray(from, to),
    time: time?.subarray(from, to),
    type: type?.subarray(from, to),
    group: group?.subarray(from, to),
    // The data doesn't keep session ids, so a session in the query is a new one.
    ...(current && { current: renewed && to > from ? current[user] + 1 : current[user] }),
  };
}

function momentsOf(queries: readonly Query[], { name }: Asked): Float64Array {
  return Float64Array.from(queries, ({ at }) => {
    if (at === undefined)
      throw new RecoError("bad-input", `${name} needs the time of the query. Add at to the query, such as at: Date.now().`);
    const time = Number(at);
    if (!Number.isFinite(time)) throw new RecoError("bad-input", `The query's at must be milliseconds or a Date, but is ${at}.`);
    return time;
  });
}

function contextOf(queries: readonly Query[], { name, schema }: Asked): FeatureTable {
  const contexts = queries.map(({ context }) => {
    if (context === undefined)
      throw new RecoError(
        "bad-input",
        `${name} needs the context of the query. Add context to the query, with ${namesOf(schema.context)}.`,
      );
    return context;
  });
  return featureTable(schema.context, contexts, "context");
}

/** Features of known users from the data, of unknown users from the query. */
function personOf(queries: readonly Query[], known: readonly number[], { name, schema, histories }: Asked): FeatureTable {
  const given = queries.flatMap(({ history, features }) => {
    if (history === undefined) return [];
    if (features === undefined)
      throw new RecoError("bad-input", `${name} needs user features. Add features to the query, with ${namesOf(schema.userFeatures)}.`);
    return [features];
  });
  const strangers = featureTable(schema.userFeatures, given, "user");
  if (given.length === queries.length) return strangers;
  const users = Int32Array.from(known.filter((user) => user >= 0));
  const both = stackFeatures(takeFeatures(histories.person ?? {}, users), users.length, strangers, given.length);
  let user = 0;
  let stranger = users.length;
  return takeFeatures(
    both,
    Int32Array.from(known, (index) => (index >= 0 ? user++ : stranger++)),
  );
}

function namesOf(schema: object): string {
  return Object.keys(schema).join(", ");
}
