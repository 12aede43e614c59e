import type { EntityInput } from "../data/entities.ts";
import type { Entity, ProjectStore } from "../store/store.ts";
import { KeyedMutex } from "../util/keyed-mutex.ts";

/** Which page of items or users: those after the id `after`, sorted by id. */
export interface PageQuery {
  readonly after?: string | undefined;
  /** Default 100. */
  readonly limit?: number | undefined;
}

export interface EntityPage {
  readonly entities: readonly Entity[];
  /** `after` of the next page; undefined on the last one. */
  readonly next: string | undefined;
}

/** A partial update of an entity; fields you leave out stay the same. */
export interface EntityPatch {
  /** Properties by name; null removes one. */
  readonly properties?: EntityInput["properties"] | undefined;
  readonly hidden?: boolean | undefined;
  /** null: never. */
  readonly expires?: NonNullable<EntityInput["expires"]> | null | undefined;
}

type Kind = Pick<ProjectStore, "item" | "listItems" | "putItems">;

const PAGE = 100;

/**
 * The items or the users of a project. Changes to one entity are serialized: a change reads, merges and writes without interruption.
 */
export class Entities {
  readonly #get: Kind["item"];
  readonly #list: Kind["listItems"];
  readonly #put: Kind["putItems"];
  readonly #unknown: (id: string) => Error;
  readonly #mutex = new KeyedMutex();

  /** @param unknown makes the error for an id with no stored properties */
  constructor(get: Kind["item"], list: Kind["listItems"], put: Kind["putItems"], unknown: (id: string) => Error) {
    this.#get = get;
    this.#list = list;
    this.#put = put;
    this.#unknown = unknown;
  }

  get(id: string): Entity {
    const entity = this.#get(id);
    if (entity === undefined) throw this.#unknown(id);
    return entity;
  }

  page({ after, limit = PAGE }: PageQuery): EntityPage {
    // One extra row tells whether there is a next page.
    const found = this.#list({ ...(after === undefined ? {} : { after }), limit: limit + 1 });
    const entities = found.slice(0, limit);
    return { entities, next: found.length > limit ? entities[limit - 1].id : undefined };
  }

  putAll(entities: readonly EntityInput[]): Promise<void> {
    return this.#mutex.runExclusiveAll(
      entities.map(({ id }) => id),
      () => this.#put(entities),
    );
  }

  put(entity: EntityInput): Promise<Entity> {
    return this.alone(entity.id, () => this.#write(entity));
  }

  patch(id: string, { properties = {}, hidden, expires }: EntityPatch): Promise<Entity> {
    return this.alone(id, () => {
      const before = this.get(id);
      const until = expires === undefined ? before.expires : (expires ?? undefined);
      return this.#write({
        id,
        properties: Object.fromEntries(Object.entries({ ...before.properties, ...properties }).filter(([, value]) => value !== null)),
        // Only items can be hidden.
        ...((hidden ?? before.hidden) ? { hidden: true } : {}),
        ...(until === undefined ? {} : { expires: until }),
      });
    });
  }

  /** Runs work on one entity after all earlier work on it. */
  alone<T>(id: string, work: () => Promise<T>): Promise<T> {
    return this.#mutex.runExclusive(id, async () => await work());
  }

  /** The same for work on two. */
  both<T>(id: string, other: string, work: () => Promise<T>): Promise<T> {
    return this.#mutex.runExclusiveAll([id, other], async () => await work());
  }

  async #write(entity: EntityInput): Promise<Entity> {
    await this.#put([entity]);
    return this.get(entity.id);
  }
}
