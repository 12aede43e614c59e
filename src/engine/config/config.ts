import type { PropertyType } from "../../data/entities.ts";
import type { RecommenderSpec } from "../../pipeline/recommender.gen.ts";

/** How events of one type count. A number alone is its weight. */
export interface EventSpec {
  /** What one such event says in favour of its item, in training and in histories. 0 or below: it says nothing in favour. */
  readonly weight: number;
  /** Multiply the weight by the event's value (stars, seconds watched, price). Default false. */
  readonly byValue?: boolean;
}

/**
 * What success means. A name is one event type (`"purchase"`, `"click"`); `{ type, by: "value" }` sums the values of such events
 * (revenue, seconds watched); a record is a weighted mix of types. Models are chosen and scorers learn by it.
 */
export type Objective = string | { readonly type: string; readonly by: "value" } | Readonly<Record<string, number>>;

/** A model that background training may fit, with options that differ from its defaults. */
export interface ModelChoice {
  readonly model: string;
  readonly options?: Readonly<Record<string, number | string | boolean>>;
}

export interface TrainingSpec {
  /** Models that are compared on the newest events; the best is put in service. By default chosen by the size of the data. */
  readonly models?: readonly (string | ModelChoice)[];
  /** Longest time between fits, `"30m"`, `"6h"`, `"1d"`; `"6h"` by default. */
  readonly every?: string;
  /** Fit after so many new events; by default when they grew by a tenth, at least 1,000. */
  readonly afterEvents?: number;
  /** Newest share of the events that candidates are judged on, in (0, 0.5]; 0.1 by default. */
  readonly holdout?: number;
  /** Threads of a fit; by default all cores but one, at least 1. */
  readonly threads?: number;
  /** Versions kept for rolling back, 3 by default. */
  readonly keep?: number;
}

/** What one project is like. */
export interface ProjectConfig {
  /** Weights of event types; types not named here take well-known defaults (`purchase` 5, `cart` 3, `like` 3, …) or 1. */
  readonly events?: Readonly<Record<string, number | EventSpec>>;
  /** By default the strongest event type there is. */
  readonly objective?: Objective;
  /** Types of item properties. Others are accepted, with the type of their first value. */
  readonly items?: Readonly<Record<string, PropertyType>>;
  readonly users?: Readonly<Record<string, PropertyType>>;
  /** By name. Ready-made ones are there without being named (`for-you`, `similar`, …); one of the same name replaces them. */
  readonly recommenders?: Readonly<Record<string, RecommenderSpec>>;
  readonly training?: TrainingSpec;
  /** Events older than this are removed, `"400d"`; kept for ever when absent. */
  readonly retention?: string;
  /** Origins of pages that may call with a browser key, `"https://shop.example"`; none by default, `"*"` for all. */
  readonly origins?: readonly string[];
}

export interface ServerConfig extends ProjectConfig {
  /** `"recobase.db"` (a SQLite file), `"postgres://…"` or `"memory"`. Default `"recobase.db"`. */
  readonly store?: string;
  /** Default 7700. */
  readonly port?: number;
  /** Default `"127.0.0.1"`. Any other address needs a key on every request. */
  readonly host?: string;
  /** Settings of projects by name, in place of those at the top, which are for all others. Projects that are missing are made at the start. */
  readonly projects?: Readonly<Record<string, ProjectConfig>>;
  readonly limits?: {
    /** Requests a minute of one key, 60,000 by default; 0 for no limit. */
    readonly requestsPerMinute?: number;
    /** Bytes of one request body, 10 MiB by default. Imports are streamed and not limited. */
    readonly bodyBytes?: number;
    /** How far the time of an event may lie ahead of this machine's clock, in seconds; 300 by default. Within it, it is set back to now. */
    readonly clockSkewSeconds?: number;
  };
  readonly log?: "silent" | "error" | "warn" | "info" | "debug";
}

/**
 * Types a configuration; `recobase.config.ts` exports what it returns. Editors show the documentation of each field, and misspelled ones
 * are errors.
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

/** The settings of one project: its own where the configuration names it, else those at the top. */
export function resolveProject(config: ServerConfig, name: string): ProjectConfig {
  const own = config.projects;
  if (own !== undefined && Object.hasOwn(own, name)) return own[name];
  const { events, objective, items, users, recommenders, training, retention, origins } = config;
  return { events, objective, items, users, recommenders, training, retention, origins } as ProjectConfig;
}
