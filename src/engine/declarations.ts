import type { EntityInput, EntityKind } from "../data/entities.ts";
import { RecoError } from "../util/errors.ts";
import { nearestNames } from "../util/nearest-names.ts";
import type { ProjectConfig } from "./config/config.ts";
import { isWellKnownType } from "./learning/event-weighting.ts";

/** A name in use that the configuration doesn't declare. */
export interface Undeclared {
  readonly kind: "event" | EntityKind;
  /** The event type or the property. */
  readonly name: string;
  /** The declared name that is probably meant. */
  readonly near?: string;
}

/** Answers name at most this many undeclared names. */
const SHOWN = 20;
const LONGEST = 64;

/**
 * The event types and properties that a project's configuration declares. Where it declares some, others are probably misspelled: they are told of,
 * or refused with `strict`.
 */
export class Declarations {
  readonly strict: boolean;
  readonly #declared: Readonly<Record<Undeclared["kind"], ReadonlySet<string> | undefined>>;

  constructor({ events, items, users, strict = false }: Pick<ProjectConfig, "events" | "items" | "users" | "strict">) {
    const names = (record: object | undefined) =>
      record === undefined || Object.keys(record).length === 0 ? undefined : new Set(Object.keys(record));
    this.strict = strict;
    this.#declared = { event: names(events), item: names(items), user: names(users) };
  }

  /** Whether a name is declared, or no name of its kind is. */
  knows(kind: Undeclared["kind"], name: string): boolean {
    return this.#declared[kind]?.has(name) ?? true;
  }

  /**
   * The names that are probably misspelled: event types without a built-in meaning, and properties whose name is similar to a declared one. Other
   * properties are additions.
   */
  among(kind: Undeclared["kind"], names: Iterable<string>): Undeclared[] {
    const declared = this.#declared[kind];
    if (declared === undefined) return [];
    const found: Undeclared[] = [];
    for (const name of names) {
      if (declared.has(name) || (kind === "event" && isWellKnownType(name))) continue;
      const [near] = nearestNames(name.slice(0, LONGEST), declared, 1);
      if (kind === "event" || near !== undefined) found.push({ kind, name, ...(near !== undefined && { near }) });
    }
    return found;
  }

  /** What an answer says about these names; undefined if there is nothing to say. */
  warnings(kind: Undeclared["kind"], names: Iterable<string>): readonly string[] | undefined {
    const found = this.among(kind, names);
    return found.length === 0 ? undefined : found.slice(0, SHOWN).map((one) => sentence(one));
  }

  /** Why an event of this type is refused; undefined if it isn't. */
  refusal(type: string): string | undefined {
    if (!this.strict || this.knows("event", type)) return undefined;
    const [near] = nearestNames(type.slice(0, LONGEST), this.#declared.event ?? [], 1);
    return sentence({ kind: "event", name: type, ...(near !== undefined && { near }) });
  }

  /** @throws RecoError `bad-input` for an undeclared property, if the configuration is strict */
  check(kind: EntityKind, entities: readonly EntityInput[]): void {
    if (!this.strict || this.#declared[kind] === undefined) return;
    for (const { id, properties = {} } of entities)
      for (const name of Object.keys(properties))
        if (!this.knows(kind, name)) {
          const [near] = nearestNames(name.slice(0, LONGEST), this.#declared[kind] ?? [], 1);
          const what = sentence({ kind, name, ...(near !== undefined && { near }) });
          throw new RecoError("bad-input", `${kind} ${JSON.stringify(id.slice(0, LONGEST))}: ${what}`);
        }
  }
}

/** The property names of entities. */
export function propertyNames(entities: readonly EntityInput[]): Set<string> {
  const names = new Set<string>();
  for (const { properties } of entities) for (const name in properties) names.add(name);
  return names;
}

function sentence({ kind, name, near }: Undeclared): string {
  const shown = JSON.stringify(name.slice(0, LONGEST));
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  return kind === "event"
    ? `The configuration doesn't declare the event type ${shown}.${hint}`
    : `The configuration doesn't declare the ${kind} property ${shown}.${hint}`;
}
