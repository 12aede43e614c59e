import type { EntityInput } from "../data/entities.ts";
import { RecoError } from "../util/errors.ts";
import type { ImportTarget } from "./import-target.ts";
import type { ProgressLine } from "./progress-line.ts";
import { importEntities } from "./row-file.ts";

/**
 * The titles of items by id, from a catalog as `recobase import --items` takes it: its column `title`, or `name`.
 *
 * @throws RecoError `bad-data` if no item has a title
 */
export async function titlesIn(path: string, encoding: string | undefined, progress: ProgressLine): Promise<ReadonlyMap<string, string>> {
  const titles = new Map<string, string>();
  const take = async (items: readonly EntityInput[]) => {
    for (const { id, properties = {} } of items) {
      const title = properties.title ?? properties.name;
      if (typeof title === "string" || typeof title === "number") titles.set(id, String(title));
    }
    return {};
  };
  const target: ImportTarget = { ingest: async () => ({ accepted: 0, duplicates: 0, refused: [] }), putItems: take, putUsers: take };
  await importEntities("items", path, target, { encoding }, progress);
  if (titles.size === 0) throw new RecoError("bad-data", `${path} has no titles. A catalog has the columns id and title (or name).`);
  return titles;
}
