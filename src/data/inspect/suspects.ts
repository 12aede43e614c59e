import type { Dataset } from "../dataset.ts";
import type { Id } from "../vocabulary.ts";
import { alikeHistories } from "./alike-histories.ts";
import { countOf, quantile, robustScale } from "./quantile.ts";
import type { Timeline } from "./timeline.ts";

/** One sign that users may be bots, tests, shared accounts or attackers. A reason to take a look, not proof. */
export interface Suspicion {
  readonly kind: "far-out-count" | "burst" | "same-rating" | "random-picks" | "alike-histories";
  /** The rule, in words. */
  readonly rule: string;
  readonly users: number;
  /** Share of all interactions that come from these users. */
  readonly share: number;
  /** Clearest first. */
  readonly cases: readonly { readonly user: Id; readonly detail: string }[];
}

/** Suspicions that apply to at least one user, and the number of users with one or more. */
export interface Suspects {
  readonly users: number;
  readonly share: number;
  readonly suspicions: readonly Suspicion[];
}

interface Case {
  readonly user: number;
  readonly strength: number;
  readonly detail: string;
}

/** Distance from the median, in robust standard deviations, that counts as far out. */
const FAR_OUT = 5;
const SHORTEST_HISTORY = 20;
/** Standard errors within which a history is no more popular than a random sample of the catalog. */
const RANDOM_BELOW = 3;
const BURST_SECONDS = 60;
const BURST_LENGTH = 60;

/** @param timeline rows by user and time, if the times are clock times */
export function suspectsOf(data: Dataset, timeline: Timeline | undefined): Suspects {
  const counts = countOf(data.interactions.user, data.users.size);
  const found: [kind: Suspicion["kind"], rule: string, cases: Case[]][] = [
    ["far-out-count", "far more interactions than any person is likely to make", farOutCounts(counts)],
    ["burst", `${BURST_LENGTH} or more interactions within ${BURST_SECONDS} seconds`, timeline ? bursts(timeline) : []],
    ["same-rating", `${SHORTEST_HISTORY} or more ratings, all of them equal, while others vary`, sameRatings(data, counts)],
    [
      "random-picks",
      `${SHORTEST_HISTORY} or more items that look picked at random from the catalog, as in rating attacks and test scripts`,
      randomPicks(data, counts),
    ],
    ["alike-histories", "histories that share all or nearly all items with other users", alike(data)],
  ];
  const everyone = new Set<number>();
  const shareOf = (users: Iterable<number>) => {
    let sum = 0;
    for (const user of users) sum += counts[user];
    return data.size === 0 ? 0 : sum / data.size;
  };
  const suspicions = found
    .filter(([, , cases]) => cases.length > 0)
    .map(([kind, rule, cases]) => {
      for (const { user } of cases) everyone.add(user);
      cases.sort((a, b) => b.strength - a.strength || a.user - b.user);
      const named = cases.map(({ user, detail }) => ({ user: data.users.id(user), detail }));
      return { kind, rule, users: cases.length, share: shareOf(cases.map((one) => one.user)), cases: named };
    });
  return { users: everyone.size, share: shareOf(everyone), suspicions };
}

/** Counts span orders of magnitude, so their logarithm is used. */
function farOutCounts(counts: Uint32Array): Case[] {
  const logs = Float64Array.from(
    counts.filter((count) => count > 0),
    Math.log,
  );
  const { median, spread } = robustScale(logs);
  // If most users have the same few interactions, the spread is 0, and a factor of two must not be suspicious.
  const limit = Math.max(100, Math.exp(median + FAR_OUT * Math.max(spread, 0.5)));
  const cases: Case[] = [];
  counts.forEach((count, user) => {
    if (count > limit)
      cases.push({
        user,
        strength: count,
        detail: `${count.toLocaleString("en")} interactions; the median user has ${Math.round(Math.exp(median)).toLocaleString("en")}`,
      });
  });
  return cases;
}

function bursts({ rows, offsets, time }: Timeline): Case[] {
  let long = 0;
  const cases: Case[] = [];
  for (let user = 0; user + 1 < offsets.length; user++) {
    let most = 0;
    let first = offsets[user];
    for (let i = offsets[user]; i < offsets[user + 1]; i++) {
      while (time[rows[i]] - time[rows[first]] > BURST_SECONDS * 1000) first++;
      most = Math.max(most, i - first + 1);
    }
    if (offsets[user + 1] - offsets[user] >= BURST_LENGTH) long++;
    if (most >= BURST_LENGTH) cases.push({ user, strength: most, detail: `${most.toLocaleString("en")} interactions within a minute` });
  }
  return usual(cases, long) ? [] : cases;
}

/** Whether so many of the eligible users do it that it must come from how the data was made (baskets, imports) and says nothing about them. */
function usual(cases: readonly Case[], able: number): boolean {
  return cases.length > 2 && cases.length > 0.1 * able;
}

function sameRatings(data: Dataset, counts: Uint32Array): Case[] {
  const { user, weight } = data.interactions;
  if (weight === undefined) return [];
  const first = new Float64Array(data.users.size).fill(Number.NaN);
  const varies = new Uint8Array(data.users.size);
  for (let i = 0; i < user.length; i++) {
    if (Number.isNaN(first[user[i]])) first[user[i]] = weight[i];
    else if (first[user[i]] !== weight[i]) varies[user[i]] = 1;
  }
  let long = 0;
  const cases: Case[] = [];
  counts.forEach((count, one) => {
    if (count < SHORTEST_HISTORY) return;
    long++;
    if (varies[one] === 0) cases.push({ user: one, strength: count, detail: `${count.toLocaleString("en")} ratings, all ${first[one]}` });
  });
  return usual(cases, long) ? [] : cases;
}

/**
 * Rating attacks and test scripts fill their profiles with random items, while people mostly choose popular ones. So the mean log-popularity of
 * the items in such a history is at or below that of a uniform sample of the catalog (after Burke et al. 2006, Classification features for
 * attack detection in collaborative recommender systems).
 */
function randomPicks(data: Dataset, counts: Uint32Array): Case[] {
  const { user, item } = data.interactions;
  const popularity = Float64Array.from(countOf(item, data.items.size), Math.log);
  const catalog = popularity.filter((value) => value >= 0);
  const mean = average(catalog);
  const deviation = Math.sqrt(average(catalog.map((value) => (value - mean) ** 2)));
  if (!(deviation > 0)) return [];
  const sums = new Float64Array(data.users.size);
  for (let i = 0; i < user.length; i++) sums[user[i]] += popularity[item[i]];
  const long = [...counts.keys()].filter((one) => counts[one] >= SHORTEST_HISTORY);
  const distance = (one: number) => ((sums[one] / counts[one] - mean) * Math.sqrt(counts[one])) / deviation;
  // If honest histories follow popularity only weakly, they can't be distinguished from random ones.
  if (quantile(Float64Array.from(long, distance).sort(), 0.5) < 2 * FAR_OUT) return [];
  const usual = Math.round(Math.exp(quantile(Float64Array.from(long, (one) => sums[one] / counts[one]).sort(), 0.5)));
  return long
    .filter((one) => distance(one) < RANDOM_BELOW)
    .map((one) => {
      const detail = `${counts[one].toLocaleString("en")} items with ${Math.round(Math.exp(sums[one] / counts[one]))} users each, while ${usual} is typical (geometric means)`;
      return { user: one, strength: -distance(one), detail };
    });
}

function alike(data: Dataset): Case[] {
  return alikeHistories(data.byUser()).flatMap((group) => {
    const others = group.users.length - 1;
    return group.users.map((user) => ({
      user,
      strength: others * group.items,
      detail: `${group.items} items, ${group.identical ? "the same" : "nearly the same"} as ${others === 1 ? "1 other user" : `${others.toLocaleString("en")} others`} (${data.users.id(group.users[group.users[0] === user ? 1 : 0])} …)`,
    }));
  });
}

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
