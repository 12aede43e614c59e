import type { PropertyType } from "../../data/entities.ts";
import { RecoError } from "../../util/errors.ts";
import {
  type Check,
  choice,
  fieldsOf,
  flag,
  isRecord,
  length,
  listOf,
  number,
  plain,
  recordByPathName,
  recordOf,
  shown,
  text,
  whole,
} from "./check-value.ts";
import type { ServerConfig } from "./config.ts";
import { misspelledEvents } from "./event-names.ts";

const propertyTypes: readonly PropertyType[] = ["number", "boolean", "text", "time", "category", "categories", "vector", "place"];
const finite = number(-Number.MAX_VALUE, Number.MAX_VALUE, "a finite number");

const eventSpec: Check = (value, path, problems) => {
  if (typeof value === "number") finite(value, path, problems);
  else
    fieldsOf({ weight: finite, byValue: flag, undoes: text }, isRecord(value) && value.undoes !== undefined ? [] : ["weight"])(
      value,
      path,
      problems,
    );
};

const objective: Check = (value, path, problems) => {
  if (typeof value === "string") text(value, path, problems);
  else if (!isRecord(value))
    problems.push(`${path} is ${shown(value)}; it must be an event type, { type, by: "value" } or weights by event type.`);
  else if (typeof value.type === "string") fieldsOf({ type: text, by: choice(["value"]) }, ["by"])(value, path, problems);
  else recordOf(number(0, Number.MAX_VALUE, "a number of at least 0"))(value, path, problems);
};

const modelChoice: Check = (value, path, problems) => {
  if (typeof value === "string") text(value, path, problems);
  else fieldsOf({ model: text, options: recordOf(plain) }, ["model"])(value, path, problems);
};

const origin: Check = (value, path, problems) => {
  if (value === "*" || (typeof value === "string" && isOrigin(value))) return;
  problems.push(`${path} is ${shown(value)}; it must be "*" or an origin such as "https://shop.example", without a path.`);
};

const projectFields: Readonly<Record<string, Check>> = {
  events: recordOf(eventSpec),
  objective,
  items: recordOf(choice(propertyTypes)),
  users: recordOf(choice(propertyTypes)),
  // The pipeline checks the contents of a recommender when its project opens.
  recommenders: recordByPathName((value, path, problems) => {
    if (!isRecord(value)) problems.push(`${path} is ${shown(value)}; it must be an object.`);
  }),
  training: fieldsOf({
    models: listOf(modelChoice),
    every: length,
    afterEvents: whole(1, Number.MAX_SAFE_INTEGER),
    holdout: number(Number.MIN_VALUE, 0.5, "a number above 0 and at most 0.5"),
    threads: whole(1, 1024),
    keep: whole(1, 1000),
  }),
  retention: length,
  origins: listOf(origin),
};

const serverFields: Readonly<Record<string, Check>> = {
  ...projectFields,
  store: text,
  port: whole(0, 65_535),
  host: text,
  projects: recordByPathName(fieldsOf(projectFields)),
  limits: fieldsOf({
    requestsPerMinute: whole(0, Number.MAX_SAFE_INTEGER),
    bodyBytes: whole(1024, 1024 ** 3),
    clockSkewSeconds: number(0, 86_400, "a number of seconds from 0 to 86400"),
  }),
  log: choice(["silent", "error", "warn", "info", "debug"]),
};

/**
 * Checks a configuration, except for recommenders (which need the store's items) and model names (which may be your own). `openEngine`
 * checks those.
 *
 * @param source where the configuration came from, for the message
 * @throws RecoError `bad-config`, with one sentence per problem
 */
export function checkConfig(config: unknown, source = "The configuration"): asserts config is ServerConfig {
  const problems: string[] = [];
  fieldsOf(serverFields)(config, "", problems);
  if (isRecord(config)) {
    misspelledEvents(config, "", problems);
    for (const [name, own] of Object.entries(isRecord(config.projects) ? config.projects : {}))
      if (isRecord(own)) misspelledEvents(own, `projects.${name}.`, problems);
  }
  if (problems.length > 0) throw new RecoError("bad-config", `${source} is invalid. ${problems.join(" ")}`);
}

function isOrigin(value: string): boolean {
  try {
    return new URL(value).origin === value;
  } catch {
    return false;
  }
}
