import type { PropertyType } from "../../data/entities.ts";
import type { RecommenderSpec } from "../../pipeline/recommender.gen.ts";

/** How events of one type count. A plain number is the weight. */
export interface EventSpec {
  /**
   * How much one event counts in favor of its item, or below 0 against it. By default as for a plain name; beside
   * `undoes`, -1 if what is undone counts in favor, otherwise 0; beside `hides`, -3.
   */
  readonly weight?: number;
  /** The event type that an event of this type takes back (`return` takes back `purchase`), for the same user and item. */
  readonly undoes?: string;
  /**
   * The item isn't in any list for the user until an event undoes this one ("not interested"). Default false; true for types such as
   * `hide`, `block` and `not_interested`.
   */
  readonly hides?: boolean;
  /** Multiply the weight by the event's value (stars, seconds watched, price). Default false. */
  readonly byValue?: boolean;
}

/**
 * What to optimize. A name is one event type (`"purchase"`, `"click"`); `{ type, by: "value" }` sums the values of such events
 * (revenue, seconds watched); a record is a weighted mix of types. It decides which model goes live and what scorers learn.
 */
export type Objective = string | { readonly type: string; readonly by: "value" } | Readonly<Record<string, number>>;

/** A model for background training to try, with options that differ from its defaults. */
export interface ModelChoice {
  readonly model: string;
  readonly options?: Readonly<Record<string, number | string | boolean>>;
}

export interface TrainingSpec {
  /** Models to compare on the newest events; the best one goes live. By default chosen to suit the data. */
  readonly models?: readonly (string | ModelChoice)[];
  /** Longest time between fits, `"30m"`, `"6h"`, `"1d"`; `"6h"` by default. */
  readonly every?: string;
  /** Fit after this many new events; by default a tenth of all events, at least 1,000. */
  readonly afterEvents?: number;
  /** Newest share of the events, held out to evaluate candidates, in (0, 0.5]; 0.1 by default. */
  readonly holdout?: number;
  /** Threads per fit; by default all cores but one, at least 1. */
  readonly threads?: number;
  /** Versions kept for rollback, 3 by default. */
  readonly keep?: number;
}

/** The settings of one project. */
export interface ProjectConfig {
  /** Weights of event types. Other types have built-in weights (`purchase` 5, `cart` 3, `like` 3, …) or 1. */
  readonly events?: Readonly<Record<string, number | EventSpec>>;
  /** By default the strongest event type in the data. */
  readonly objective?: Objective;
  /** Types of item properties. Undeclared properties are accepted and get the type of their first value. */
  readonly items?: Readonly<Record<string, PropertyType>>;
  readonly users?: Readonly<Record<string, PropertyType>>;
  /**
   * Whether event types that `events` doesn't declare, and properties that `items` or `users` don't, are refused, as far as these declare any.
   * Default false: they are accepted, and answers warn of names that look misspelled.
   */
  readonly strict?: boolean;
  /** By name. The built-in ones (`for-you`, `similar`, …) always exist; a recommender with the same name replaces one. */
  readonly recommenders?: Readonly<Record<string, RecommenderSpec>>;
  readonly training?: TrainingSpec;
  /** Events older than this are removed, for example `"400d"`. By default events are kept forever. */
  readonly retention?: string;
  /**
   * Secrets of at least 32 characters with which your server signs who a page's visitor is. The first is for new tokens; others are accepted while
   * one replaces another. Keep them out of pages. `RECOBASE_USER_SECRET` sets one for all projects.
   */
  readonly userSecrets?: readonly string[];
  /** Item properties that a browser key may have returned with lists. Default none. */
  readonly publicProperties?: readonly string[];
  /** Origins of web pages that may call with a browser key, such as `"https://shop.example"`; `"*"` for all. Default none. */
  readonly origins?: readonly string[];
}

export interface ServerConfig extends ProjectConfig {
  /** `"recobase.db"` (a SQLite file), `"postgres://…"` or `"memory"`. Default `"recobase.db"`. */
  readonly store?: string;
  /** Default 7700. */
  readonly port?: number;
  /** Default `"127.0.0.1"`. On any other address every request needs a key. */
  readonly host?: string;
  /**
   * Settings by project name, replacing those at the top level, which apply to all other projects. Missing projects are created at startup.
   */
  readonly projects?: Readonly<Record<string, ProjectConfig>>;
  readonly limits?: {
    /** Requests per minute and key, 60,000 by default; 0 for no limit. */
    readonly requestsPerMinute?: number;
    /** Requests per minute and browser key, 10,000 by default; 0 for no limit. */
    readonly browserRequestsPerMinute?: number;
    /** Largest request body in bytes, 10 MiB by default. Imports are streamed and have no limit. */
    readonly bodyBytes?: number;
    /** How far ahead of this machine's clock an event's time may be, in seconds; 300 by default. Such times are set to now. */
    readonly clockSkewSeconds?: number;
  };
  readonly log?: "silent" | "error" | "warn" | "info" | "debug";
}

/**
 * Types a configuration, for `recobase.config.ts` to export. Editors show the documentation of each field and flag misspelled ones.
 *
 * @example
 * ```ts
 * import { defineConfig } from "recobase/config";
 *
 * export default defineConfig({
 *   events: { view: 1, cart: 3, purchase: { weight: 1, byValue: true } },
 *   objective: "purchase",
 *   items: { title: "text", category: "category", price: "number" },
 * });
 * ```
 */
export function defineConfig(config: ServerConfig): ServerConfig {
  return config;
}

/** The settings of one project: its own if the configuration lists it, otherwise those at the top level. */
export function resolveProject(config: ServerConfig, name: string): ProjectConfig {
  const own = config.projects;
  if (own !== undefined && Object.hasOwn(own, name)) return own[name];
  const { events, objective, items, users, strict, recommenders, training, retention, userSecrets, publicProperties, origins } = config;
  return {
    events,
    objective,
    items,
    users,
    strict,
    recommenders,
    training,
    retention,
    userSecrets,
    publicProperties,
    origins,
  } as ProjectConfig;
}
