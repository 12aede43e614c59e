import { type FeatureTable, stackFeatures, takeFeatures } from "./features.ts";

/** Interactions in columns of equal length. */
export interface Interactions {
  /** User index of each row. */
  readonly user: Uint32Array;
  /** Item index of each row. */
  readonly item: Uint32Array;
  /** Rating, count, price or confidence of each row; omitted if every row weighs 1. */
  readonly weight?: Float64Array;
  /** Milliseconds since 1970 (UTC), or any ascending clock; NaN if unknown. Omitted if all are unknown. */
  readonly time?: Float64Array;
  /** Index into `Dataset.eventTypes` of each row; omitted if there is only one type. */
  readonly type?: Uint8Array;
  /** Session of each row: rows of one user with the same number belong together. */
  readonly session?: Uint32Array;
  /** Basket (order, receipt) of each row: rows of one user with the same number were bought together. */
  readonly basket?: Uint32Array;
  /** Features of the moment of each row: device, place, weather, position. */
  readonly context?: FeatureTable;
}

/** The interactions at `rows`, in that order. */
export function takeInteractions(interactions: Interactions, rows: Uint32Array): Interactions {
  const { user, item, weight, time, type, session, basket, context } = interactions;
  const take = <T extends Uint32Array | Float32Array | Float64Array | Uint8Array>(column: T): T => {
    const taken = new (column.constructor as new (length: number) => T)(rows.length);
    for (let i = 0; i < rows.length; i++) taken[i] = column[rows[i]];
    return taken;
  };
  return {
    user: take(user),
    item: take(item),
    ...(weight && { weight: take(weight) }),
    ...(time && { time: take(time) }),
    ...(type && { type: take(type) }),
    ...(session && { session: take(session) }),
    ...(basket && { basket: take(basket) }),
    ...(context && { context: takeFeatures(context, Int32Array.from(rows)) }),
  };
}

/** The rows, ascending, for which `keep` holds. */
export function rowsWhere(rows: number, keep: (row: number) => boolean): Uint32Array {
  const kept = new Uint32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) if (keep(row)) kept[count++] = row;
  return kept.slice(0, count);
}

/**
 * Stacks the sessions, baskets and contexts of two parts. Sessions and baskets of the second part become new ones; if only one part has them,
 * each row of the other is a group of its own.
 */
export function stackMoments(a: Interactions, b: Interactions): Pick<Interactions, "session" | "basket" | "context"> {
  const [above, below] = [a.user.length, b.user.length];
  const groups = (first: Uint32Array | undefined, second: Uint32Array | undefined) => {
    if (first === undefined && second === undefined) return undefined;
    const all = new Uint32Array(above + below);
    let next = 0;
    for (let i = 0; i < above; i++) {
      all[i] = first === undefined ? i : first[i];
      if (all[i] >= next) next = all[i] + 1;
    }
    for (let i = 0; i < below; i++) all[above + i] = next + (second === undefined ? i : second[i]);
    return all;
  };
  const [session, basket] = [groups(a.session, b.session), groups(a.basket, b.basket)];
  const context = a.context || b.context ? stackFeatures(a.context ?? {}, above, b.context ?? {}, below) : undefined;
  return { ...(session && { session }), ...(basket && { basket }), ...(context && { context }) };
}

/** Who is connected with whom: columns of user indices, one entry per link. A link in both directions has two entries. */
export interface Links {
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** How strong each link is; omitted if all are equal. */
  readonly weight?: Float32Array;
}

/** Links with new user indices. Drops those whose users have no new index. */
export function recodeLinks({ from, to, weight }: Links, place: (user: number) => number | undefined): Links {
  const kept: { from: number; to: number; weight: number }[] = [];
  from.forEach((user, i) => {
    const [a, b] = [place(user), place(to[i])];
    if (a !== undefined && b !== undefined) kept.push({ from: a, to: b, weight: weight?.[i] ?? 1 });
  });
  return {
    from: Uint32Array.from(kept, (link) => link.from),
    to: Uint32Array.from(kept, (link) => link.to),
    ...(weight && { weight: Float32Array.from(kept, (link) => link.weight) }),
  };
}
