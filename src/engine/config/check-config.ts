import type { PropertyType } from "../../data/entities.ts";
import type { RecommenderSpec } from "../../pipeline/recommender.gen.ts";
import { PipelineRegistry } from "../../pipeline/registry.ts";
import { RecoError } from "../../util/errors.ts";
import { builtInModels, checkModel, type ModelTable } from "../training/model-table.ts";
import { checkRecommender } from "./check-recommender.ts";
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
    fieldsOf(
      { weight: finite, byValue: flag, undoes: text, hides: flag },
      isRecord(value) && (value.undoes !== undefined || value.hides !== undefined) ? [] : ["weight"],
    )(value, path, problems);
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

/** The value is kept out of messages, which may be logged. */
const secret: Check = (value, path, problems) => {
  if (typeof value !== "string" || value.length < SHORTEST_SECRET)
    problems.push(`${path} must be text of at least ${SHORTEST_SECRET} characters.`);
};
const SHORTEST_SECRET = 32;

const projectFields: Readonly<Record<string, Check>> = {
  events: recordOf(eventSpec),
  objective,
  items: recordOf(choice(propertyTypes)),
  users: recordOf(choice(propertyTypes)),
  strict: flag,
  // The contents are checked against the building blocks there are, by wrongNames.
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
  userSecrets: listOf(secret),
  publicProperties: listOf(text),
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
    browserRequestsPerMinute: whole(0, Number.MAX_SAFE_INTEGER),
    bodyBytes: whole(1024, 1024 ** 3),
    clockSkewSeconds: number(0, 86_400, "a number of seconds from 0 to 86400"),
  }),
  log: choice(["silent", "error", "warn", "info", "debug"]),
};

/** The building blocks and models that a configuration can name. */
export interface Nameable {
  readonly kinds: PipelineRegistry;
  readonly models: ModelTable;
}

/** What a configuration can name without your own models and sources. */
export function builtIn(): Nameable {
  return { kinds: new PipelineRegistry(), models: builtInModels };
}

/**
 * Checks a configuration, and reports all problems at once. Properties that recommenders use are checked when their project opens, because
 * the store knows more of them than `items` declares.
 *
 * @param nameable what recommenders and `training.models` may name; if omitted, they are only checked by `openEngine`, which knows yours
 * @param source where the configuration came from, for the message
 * @throws RecoError `bad-config`, with one sentence per problem
 */
export function checkConfig(config: unknown, nameable?: Nameable, source = "The configuration"): asserts config is ServerConfig {
  const problems: string[] = [];
  fieldsOf(serverFields)(config, "", problems);
  if (isRecord(config))
    for (const [path, project] of [["", config], ...Object.entries(isRecord(config.projects) ? config.projects : {})] as const) {
      if (!isRecord(project)) continue;
      const prefix = path === "" ? "" : `projects.${path}.`;
      misspelledEvents(project, prefix, problems);
      if (nameable !== undefined) wrongNames(project, prefix, nameable, problems);
    }
  if (problems.length > 0) throw new RecoError("bad-config", `${source} is invalid. ${problems.join(" ")}`);
}

/** Finds problems with the models and recommenders of a project, which may be malformed in other ways. */
function wrongNames(
  { training, recommenders, items }: Readonly<Record<string, unknown>>,
  path: string,
  { kinds, models }: Nameable,
  problems: string[],
): void {
  const attempt = (check: () => void) => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof RecoError)) throw error;
      problems.push(error.message);
    }
  };
  const choices = isRecord(training) && Array.isArray(training.models) ? (training.models as readonly unknown[]) : [];
  for (const [i, entry] of choices.entries()) {
    const { model, options = {} } = isRecord(entry) ? entry : { model: entry };
    const place = `${path}training.models[${i}]`;
    if (typeof model === "string" && model !== "" && isRecord(options))
      attempt(() => checkModel(models, model, options as Parameters<typeof checkModel>[2], place));
  }
  const types = Object.entries(isRecord(items) ? items : {}).filter(([, type]) => propertyTypes.includes(type as PropertyType));
  const schema = { properties: Object.fromEntries(types) as Record<string, PropertyType>, open: true };
  const others: Record<string, { readonly spec: RecommenderSpec }> = {};
  for (const [name, spec] of Object.entries(isRecord(recommenders) ? recommenders : {}))
    if (isRecord(spec))
      attempt(() => {
        checkRecommender(spec, `${path}recommenders.${name}`, { schema, registry: kinds, custom: true, others, models });
        others[name] = { spec };
      });
}

function isOrigin(value: string): boolean {
  try {
    return new URL(value).origin === value;
  } catch {
    return false;
  }
}
