import { parseDuration } from "../../util/duration.ts";
import { RecoError } from "../../util/errors.ts";
import { didYouMean } from "../../util/nearest-names.ts";
import { isPathName, PATH_NAME_RULE } from "../../util/path-name.ts";

/** Checks one value of a configuration and adds a sentence for each problem, naming its path. */
export type Check = (value: unknown, path: string, problems: string[]) => void;

/** A value as messages show it: short, on one line. */
export function shown(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (value === undefined) return "undefined";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function must(holds: (value: unknown) => boolean, what: string): Check {
  return (value, path, problems) => {
    if (!holds(value)) problems.push(`${path} is ${shown(value)}; it must be ${what}.`);
  };
}

export const text: Check = must((value) => typeof value === "string" && value !== "", "text");
export const flag: Check = must((value) => typeof value === "boolean", "true or false");
export const plain: Check = must(
  (value) => typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value)),
  "text, a number, true or false",
);
export const length: Check = must(
  (value) => typeof value === "string" && parseDuration(value) !== undefined,
  'a duration such as "30m", "6h" or "7d"',
);

export function number(least: number, most: number, what: string): Check {
  return must((value) => typeof value === "number" && value >= least && value <= most, what);
}

export function whole(least: number, most: number): Check {
  const range = most === Number.MAX_SAFE_INTEGER ? `a whole number of at least ${least}` : `a whole number from ${least} to ${most}`;
  return must((value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most, range);
}

export function choice(names: readonly string[]): Check {
  return (value, path, problems) => {
    if (typeof value === "string" && names.includes(value)) return;
    const near = typeof value === "string" ? didYouMean(value, names) : "";
    problems.push(`${path} is ${shown(value)}; it must be one of ${names.map((name) => `"${name}"`).join(", ")}.${near}`);
  };
}

export function listOf(check: Check): Check {
  return (value, path, problems) => {
    if (!Array.isArray(value)) problems.push(`${path} is ${shown(value)}; it must be a list.`);
    else for (const [i, entry] of value.entries()) check(entry, `${path}[${i}]`, problems);
  };
}

/** A record with arbitrary names. */
export function recordOf(check: Check): Check {
  return (value, path, problems) => {
    if (!isRecord(value)) problems.push(`${path} is ${shown(value)}; it must be an object.`);
    else for (const [name, entry] of Object.entries(value)) check(entry, under(path, name), problems);
  };
}

/** A record whose names are used in URL paths. */
export function recordByPathName(check: Check): Check {
  const record = recordOf(check);
  return (value, path, problems) => {
    for (const name of isRecord(value) ? Object.keys(value) : [])
      if (!isPathName(name)) problems.push(`${under(path, name)} is not a valid name: a name ${PATH_NAME_RULE}`);
    record(value, path, problems);
  };
}

/** An object with these fields and no others. Undefined fields count as absent. */
export function fieldsOf(fields: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  return (value, path, problems) => {
    if (!isRecord(value)) {
      problems.push(`${path === "" ? "The configuration" : path} is ${shown(value)}; it must be an object.`);
      return;
    }
    for (const [name, entry] of Object.entries(value))
      if (!Object.hasOwn(fields, name)) problems.push(`${under(path, name)} is not a setting.${didYouMean(name, Object.keys(fields))}`);
      else if (entry !== undefined) fields[name](entry, under(path, name), problems);
    for (const name of required) if (value[name] === undefined) problems.push(`${under(path, name)} is missing.`);
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function under(path: string, name: string): string {
  const step = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
  if (path === "") return step;
  return step === name ? `${path}.${name}` : `${path}[${step}]`;
}

/** A duration in a configuration, in milliseconds. @throws RecoError `bad-config`, naming the path */
export function configDuration(text: string, path: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined)
    throw new RecoError("bad-config", `${path} is ${JSON.stringify(text)}; write a duration such as "30m", "6h" or "7d".`);
  return milliseconds;
}
