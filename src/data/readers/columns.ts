import { RecoError } from "../../util/errors.ts";
import { didYouMean } from "../../util/nearest-names.ts";
import { parseDate } from "../moment-text.ts";
import { parseNumberText } from "./numbers.ts";
import { parseTimeText, timeUnitOf } from "./times.ts";

/** A column by name or by position (from 0); false if there is none and none should be guessed. */
export type ColumnRef = string | number | false;

/** What a column can mean. */
export type Role = "user" | "item" | "weight" | "time" | "type";
export const roles = ["user", "item", "weight", "time", "type"] as const satisfies readonly Role[];

/** The column that plays a role, and how it was found. */
export interface ColumnChoice {
  readonly name: string;
  /** 0 for the first. */
  readonly index: number;
  readonly by: "given" | "name" | "content" | "place";
}

/** Columns that are read only if asked for: which interactions belong together, and what the moment was like. */
export interface MomentColumns<Column> {
  readonly session?: Column;
  readonly basket?: Column;
  readonly context?: readonly Column[];
}

/** The columns named by the caller. */
export type GivenColumns = Partial<Record<Role, ColumnRef>> & MomentColumns<string | number>;

export interface ColumnChoices extends Partial<Record<Role, ColumnChoice>>, MomentColumns<ColumnChoice> {
  /** The names of the columns that aren't read; omitted without a header, or if there are none. */
  readonly unused?: readonly string[];
}

/** Whether any column is read that isn't one of the {@link roles}. */
export function hasMoments({ session, basket, context }: MomentColumns<unknown>): boolean {
  return session !== undefined || basket !== undefined || (context ?? []).length > 0;
}

/** Well-known names of each role's column: only letters and digits, without a trailing "id" or similar. Best first. */
const NAMES: Record<Role, readonly string[]> = {
  user: ["user", "customer", "visitor", "reviewer", "member", "account", "person", "client", "player", "listener", "u", "session"],
  item: [
    ..."item product movie film book track song artist album business poi venue article news story joke document doc video show game app".split(
      " ",
    ),
    ..."hotel recipe course job restaurant place location anime asin parentasin isbn sku stockcode content i".split(" "),
  ],
  weight: "rating ratings score stars weight count cnt freq frequency plays playcount listens quantity qty overall preference value".split(
    " ",
  ),
  time: "timestamp time ts datetime date unixtime unixreviewtime createdat created eventtime reviewtime invoicedate at order sequence seq".split(
    " ",
  ),
  type: [
    ..."eventtype event behavior behaviour behaviortype behaviourtype actiontype action interactiontype interaction".split(" "),
    ..."feedbacktype feedback eventname actionname activitytype activity type".split(" "),
  ],
};

/** The part of a column name to look up in the list above: "User_ID" becomes "user". */
export function plainName(name: string): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return plain.replace(/(?<=.)(id|idx|index|key|no|num|number)$/, "");
}

/** Whether this looks like a column name in a header. */
export function isColumnName(name: string): boolean {
  return roles.some((role) => NAMES[role].includes(plainName(name)));
}

/**
 * Finds the column of each role: first those given, then those with well-known names, then by position (without a header: user, item) and by the
 * content of the sample (weight, time).
 *
 * @param names of all columns
 * @param header whether those names come from the file
 * @param sample rows of text
 * @throws RecoError `bad-input` if a given column is missing, `bad-data` if there is no user or item column
 */
export function chooseColumns(
  names: readonly string[],
  header: boolean,
  sample: readonly (readonly string[])[],
  given: GivenColumns,
): ColumnChoices {
  const chosen: { -readonly [R in Role]?: ColumnChoice } = {};
  const moments = chooseMoments(names, given);
  const taken = new Set([moments.session, moments.basket, ...(moments.context ?? [])].flatMap((choice) => choice?.index ?? []));
  const choose = (role: Role, index: number, by: ColumnChoice["by"]) => {
    chosen[role] = { name: names[index], index, by };
    taken.add(index);
  };
  const open = (role: Role) => chosen[role] === undefined && given[role] !== false;
  const free = () => names.map((_, index) => index).filter((index) => !taken.has(index));

  for (const role of roles)
    if (given[role] !== undefined && given[role] !== false) choose(role, findColumn(names, role, given[role]), "given");
  if (header)
    for (const role of roles) {
      if (!open(role)) continue;
      const known = NAMES[role].flatMap((name) => free().filter((index) => plainName(names[index]) === name));
      if (known.length > 0) choose(role, known[0], "name");
    }
  // A header without any known name tells no more than no header. If it has one, the only column left must be the other.
  const rest = free().filter((index) => sample.length === 0 || !sample.every((row) => !Number.isNaN(parseDate(row[index]))));
  const unnamed = chosen.user?.by !== "name" && chosen.item?.by !== "name";
  for (const role of ["user", "item"] as const) {
    if (!open(role)) continue;
    if (rest.length === 0 || (!unnamed && rest.length > 1)) continue;
    choose(role, rest.shift() as number, "place");
  }
  for (const role of ["user", "item"] as const)
    if (chosen[role] === undefined) {
      const some = names.slice(0, 12).map((name, index) => `${index}: ${name === "" ? "(no name)" : name}`);
      const list = `${some.join(", ")}${names.length > 12 ? ` and ${names.length - 12} more` : ""}`;
      const missing =
        names.length < 2
          ? `There is only one column (${shownName(names[0])}), but users and items need two. Is the delimiter right?`
          : `No column looks like the ${role}.`;
      throw new RecoError("bad-data", `${missing} Specify it with the option "${role}". Columns: ${list}.`);
    }
  if (!header)
    for (const index of free()) {
      const values = sample.map((row) => row[index]);
      if (open("time") && looksLikeTime(values)) choose("time", index, "content");
      else if (open("weight") && looksLikeWeight(values)) choose("weight", index, "content");
    }
  const unused = header ? free().map((index) => names[index]) : [];
  return { ...chosen, ...moments, ...(unused.length > 0 && { unused }) };
}

function chooseMoments(names: readonly string[], { session, basket, context = [] }: GivenColumns): MomentColumns<ColumnChoice> {
  const choice = (role: keyof MomentColumns<unknown>, ref: string | number): ColumnChoice => {
    const index = findColumn(names, role, ref);
    return { name: names[index], index, by: "given" };
  };
  const chosen = context.map((ref) => choice("context", ref));
  const twice = chosen.find(({ name }, i) => chosen.findIndex((other) => other.name === name) < i);
  if (twice !== undefined) throw new RecoError("bad-input", `The context column ${JSON.stringify(twice.name)} is given twice.`);
  return {
    ...(session !== undefined && { session: choice("session", session) }),
    ...(basket !== undefined && { basket: choice("basket", basket) }),
    ...(chosen.length > 0 && { context: chosen }),
  };
}

function shownName(name: string): string {
  return JSON.stringify(name.length > 40 ? `${name.slice(0, 37)}…` : name);
}

function findColumn(names: readonly string[], role: Role | keyof MomentColumns<unknown>, ref: string | number): number {
  const byName = names.indexOf(String(ref));
  if (typeof ref === "string" && byName >= 0) return byName;
  const place = typeof ref === "number" || /^\d+$/.test(ref) ? Number(ref) : -1;
  if (Number.isInteger(place) && place >= 0 && place < names.length) return place;
  throw new RecoError(
    "bad-input",
    `There is no column ${JSON.stringify(ref)} for the ${role}.${didYouMean(String(ref), names)} Columns: ${names.slice(0, 12).join(", ")}${names.length > 12 ? " …" : ""}.`,
  );
}

function looksLikeTime(values: readonly string[]): boolean {
  return (
    values.length > 0 &&
    values.every((text) => {
      const { form, value } = parseTimeText(text);
      return !Number.isNaN(value) && (form === "date" || timeUnitOf(value) !== "clock");
    })
  );
}

function looksLikeWeight(values: readonly string[]): boolean {
  return values.length > 0 && values.every((text) => !Number.isNaN(parseNumberText(text)));
}
