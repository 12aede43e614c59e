import type { Dataset } from "../data/dataset.ts";
import { RecoError } from "../util/errors.ts";

/**
 * What a model can need beside who did something with what:
 *
 * - `order`: histories in the order of time, or of the data where it has no times;
 * - `times`: the time of each interaction, and the moment a query is asked at;
 * - `itemFeatures`, `userFeatures`: feature tables of items and users;
 * - `context`: features of the moment of each interaction, and of a query;
 * - `sessions`, `baskets`: which interactions belong together;
 * - `links`: who is connected with whom;
 * - `behaviors`: the event type of each interaction.
 */
export type Need = "order" | "times" | "itemFeatures" | "userFeatures" | "context" | "sessions" | "baskets" | "links" | "behaviors";

/** What each need is called, and how data comes to meet it. */
const NEEDS: Readonly<Record<Need, { readonly what: string; readonly supply: string; met(data: Dataset): boolean }>> = {
  order: { what: "the order of interactions", supply: "keep the rows in the order they happened", met: () => true },
  times: {
    what: "times",
    supply: 'supply a time column (time: "ts", or --time ts)',
    met: ({ interactions }) => interactions.time !== undefined,
  },
  itemFeatures: {
    what: "item features",
    supply: "supply them with data.with({ itemFeatures }), or read a layout that has them (--layout movielens-1m)",
    met: ({ itemFeatures }) => !isEmpty(itemFeatures),
  },
  userFeatures: {
    what: "user features",
    supply: "supply them with data.with({ userFeatures }), or read a layout that has them (--layout movielens-1m)",
    met: ({ userFeatures }) => !isEmpty(userFeatures),
  },
  context: {
    what: "the context of interactions",
    supply: 'supply context columns (context: ["device"], or --context device)',
    met: ({ interactions }) => interactions.context !== undefined && !isEmpty(interactions.context),
  },
  sessions: {
    what: "sessions",
    supply: 'supply a session column (session: "visit", or --session visit)',
    met: ({ interactions }) => interactions.session !== undefined,
  },
  baskets: {
    what: "baskets",
    supply: 'supply a basket column (basket: "order", or --basket order)',
    met: ({ interactions }) => interactions.basket !== undefined,
  },
  links: {
    what: "links between users",
    supply: "supply them with data.with({ links })",
    met: ({ links }) => links !== undefined,
  },
  behaviors: {
    what: "event types",
    supply: 'supply an event type column (type: "event", or --type event)',
    met: ({ interactions }) => interactions.type !== undefined,
  },
};

/** The needs that the data meets. */
export function needsMet(data: Dataset): Need[] {
  return (Object.keys(NEEDS) as Need[]).filter((need) => NEEDS[need].met(data));
}

/**
 * Refuses data that lacks what a model needs.
 *
 * @param what the data is called in the message: "the data", "the test part"
 * @throws RecoError `bad-input`, naming the missing column and how to supply it
 */
export function checkNeeds(
  model: { readonly name: string; readonly needs?: readonly Need[] | undefined },
  data: Dataset,
  what = "the data",
): void {
  for (const need of model.needs ?? [])
    if (!NEEDS[need].met(data))
      throw new RecoError("bad-input", `${model.name} needs ${NEEDS[need].what}, and ${what} has none: ${NEEDS[need].supply}.`);
}

/** Whether a model has to see entries as they came: its histories are then in order, with repeats. */
export function seesEntries(needs: readonly Need[] | undefined): boolean {
  return (needs ?? []).some((need) => ["order", "times", "sessions", "baskets", "behaviors"].includes(need));
}

function isEmpty(table: object): boolean {
  for (const _ in table) return false;
  return true;
}
