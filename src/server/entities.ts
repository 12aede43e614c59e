import type { EntityInput } from "../data/entities.ts";
import type { Entity } from "../store/store.ts";

const PAGE = 100;

/** One page of items or users, and where the next one begins. */
export function page(
  list: (at: { readonly after?: string; readonly limit: number }) => readonly Entity[],
  { after, limit = PAGE }: { readonly after?: string; readonly limit?: number },
): { readonly entities: readonly Entity[]; readonly next: string | undefined } {
  // One more than is shown says whether there is a next page.
  const found = list({ ...(after === undefined ? {} : { after }), limit: limit + 1 });
  const entities = found.slice(0, limit);
  return { entities, next: found.length > limit ? entities[limit - 1].id : undefined };
}

/** Properties with some changed; those of null go. */
export function merged(before: EntityInput["properties"], changes: EntityInput["properties"] = {}): EntityInput["properties"] {
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null));
}
