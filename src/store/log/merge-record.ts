import type { PropertyValue } from "../../data/entities.ts";
import type { DocumentTable } from "../documents.ts";
import { ERASED, type ErasureRecord } from "../erasure.ts";
import type { ProjectDraft } from "../project-draft.ts";

/** The document kind of users who were merged into others. The key is the index that the merged user had. */
export const MERGED = ".merged";

/** The body of a document of kind {@link MERGED}. */
export interface MergeRecord {
  readonly from: string;
  readonly to: string;
  /** When it was asked for, in milliseconds since 1970. */
  readonly time: number;
  /**
   * What is done: until `merged`, the events of `from` are still under its old index. A merge is taken back in two steps as well: until `split`, the
   * events are still those of `to`; then they are also those of `from`, and go from `to`.
   */
  readonly state: "merging" | "merged" | "splitting" | "split";
  /** The index of the user that gets the events. */
  readonly user: number;
  /** The properties of `from`, and the names of those that `to` took over. */
  readonly properties: Readonly<Record<string, PropertyValue>> | undefined;
  readonly taken: readonly string[];
}

/** The records of merges, by the index that the merged user had. */
export function mergeRecords(documents: DocumentTable): readonly (readonly [number, MergeRecord])[] {
  return documents.list(MERGED).map(({ key, body }) => [Number(key), body as MergeRecord] as const);
}

/** Deletes the records of everyone who was merged into a user, since they say who that was. */
export function draftForgetMerges(draft: ProjectDraft, documents: DocumentTable, user: string): void {
  const records = mergeRecords(documents);
  const gone = new Set([user]);
  for (const to of gone)
    for (const [index, { from, to: into, state }] of records) {
      if (into !== to) continue;
      gone.add(from);
      draft.put(MERGED, String(index), undefined);
      if (state === "merging") draft.put(ERASED, String(index), JSON.stringify({ pending: true } satisfies ErasureRecord));
    }
}
