import type { Dataset } from "../dataset.ts";
import { countOf, quantile } from "./quantile.ts";

/** How much of what must be predicted involves users and items that a model couldn't know. */
export type Cold =
  /** The shares of the last fifth of the interactions, by time, whose user, whose item, or either is not in the first four fifths. */
  | { readonly basis: "time"; readonly users: number; readonly items: number; readonly either: number }
  /** Without times: the shares of users and items with a single interaction. */
  | { readonly basis: "single"; readonly users: number; readonly items: number };

const KNOWN_SHARE = 0.8;

export function coldOf(data: Dataset): Cold {
  const { user, item, time } = data.interactions;
  const dated = time?.filter((value) => !Number.isNaN(value)).sort();
  if (time === undefined || dated === undefined || dated.length < 2 || dated[0] === dated[dated.length - 1])
    return { basis: "single", users: singles(countOf(user, data.users.size)), items: singles(countOf(item, data.items.size)) };
  const cut = quantile(dated, KNOWN_SHARE);
  const knownUser = new Uint8Array(data.users.size);
  const knownItem = new Uint8Array(data.items.size);
  for (let i = 0; i < user.length; i++)
    // Interactions without a time come first.
    if (!(time[i] >= cut)) {
      knownUser[user[i]] = 1;
      knownItem[item[i]] = 1;
    }
  let later = 0;
  let users = 0;
  let items = 0;
  let either = 0;
  for (let i = 0; i < user.length; i++) {
    if (!(time[i] >= cut)) continue;
    later++;
    if (knownUser[user[i]] === 0) users++;
    if (knownItem[item[i]] === 0) items++;
    if (knownUser[user[i]] === 0 || knownItem[item[i]] === 0) either++;
  }
  return { basis: "time", users: users / later, items: items / later, either: either / later };
}

function singles(counts: Uint32Array): number {
  let all = 0;
  let single = 0;
  for (const count of counts) {
    if (count > 0) all++;
    if (count === 1) single++;
  }
  return all === 0 ? 0 : single / all;
}
