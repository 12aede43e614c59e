import type { Dataset } from "../data/dataset.ts";
import { RecoError } from "../util/errors.ts";

/**
 * What a model can need besides users and items:
 *
 * - `order`: histories in time order, or in row order if the data has no times;
 * - `times`: the time of each interaction and of each query;
 * - `itemFeatures`, `userFeatures`: feature tables of items and users;
 * - `context`: features of the moment of each interaction and of each query;
 * - `sessions`, `baskets`: which interactions belong together;
 * - `links`: connections between users;
 * - `behaviors`: the event type of each interaction.
 */
export type Need = "order" | "times" | "itemFeatures" | "userFeatures" | "context" | "sessions" | "baskets" | "links" | "behaviors";

/** Each need in words, and how to supply it. */
const NEEDS: Readonly<Record<Need, { readonly what: string; readonly supply: string; met(data: Dataset): boolean }>> = {
  order: { what: "the order of interactions", supply: "Keep the rows in the order they happened", met: () => true },
  times: {
    what: "times",
    supply: 'Name the time column (time: "ts", or --time ts)',
    met: ({ interactions }) => interactions.time !== undefined,
  },
  itemFeatures: {
    what: "item features",
    supply: "Add them with data.with({ itemFeatures }), or load a layout that has them (--layout movielens-1m)",
    met: ({ itemFeatures }) => !isEmpty(itemFeatures),
  },
  userFeatures: {
    what: "user features",
    supply: "Add them with data.with({ userFeatures }), or load a layout that has them (--layout movielens-1m)",
    met: ({ userFeatures }) => !isEmpty(userFeatures),
  },
  context: {
    what: "the context of interactions",
    supply: 'Name the context columns (context: ["device"], or --context device)',
    met: ({ interactions }) => interactions.context !== undefined && !isEmpty(interactions.context),
  },
  sessions: {
    what: "sessions",
    supply: 'Name the session column (session: "visit", or --session visit)',
    met: ({ interactions }) => interactions.session !== undefined,
  },
  baskets: {
    what: "baskets",
    supply: 'Name the basket column (basket: "order", or --basket order)',
    met: ({ interactions }) => interactions.basket !== undefined,
  },
  links: {
    what: "links between users",
    supply: "Add them with data.with({ links })",
    met: ({ links }) => links !== undefined,
  },
  behaviors: {
    what: "event types",
    supply: 'Name the event type column (type: "event", or --type event)',
    met: ({ interactions }) => interactions.type !== undefined,
  },
};

/** The name of every need. */
export const needNames = Object.keys(NEEDS) as readonly Need[];

/** The needs that the data meets. */
export function needsMet(data: Dataset): Need[] {
  return (Object.keys(NEEDS) as Need[]).filter((need) => NEEDS[need].met(data));
}

/**
 * Rejects data that lacks what a model needs.
 *
 * @param what name of the data in the message: "the data", "the test part"
 * @throws RecoError `bad-input`, with the missing column and how to supply it
 */
export function checkNeeds(
  model: { readonly name: string; readonly needs?: readonly Need[] | undefined },
  data: Dataset,
  what = "the data",
): void {
  for (const need of model.needs ?? [])
    if (!NEEDS[need].met(data))
      throw new RecoError("bad-input", `${model.name} needs ${NEEDS[need].what}, but ${what} has none. ${NEEDS[need].supply}.`);
}

/** Whether a model needs the original entries: histories in order, with repeats. */
export function seesEntries(needs: readonly Need[] | undefined): boolean {
  return (needs ?? []).some((need) => ["order", "times", "sessions", "baskets", "behaviors"].includes(need));
}

function isEmpty(table: object): boolean {
  for (const _ in table) return false;
  return true;
}
