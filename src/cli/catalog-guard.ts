import type { Dataset } from "../data/dataset.ts";
import { plainName } from "../data/readers/columns.ts";
import { loadStep } from "../data/summary.ts";
import { RecoError } from "../util/errors.ts";

/** Plain names of columns that describe something, and are neither users nor items. */
const DESCRIPTIONS = words("name price cost description stock image published year tags age gender country city email birthday");
/** The same, but could be the item of an event: somebody watches a title. */
const TITLES = words("id title category categories genre genres brand author url");

/**
 * Refuses a file that is a catalog rather than a list of events: no column is named like a user or an item, or the one that was guessed describes
 * something. Without a header, positions are all there is, and only a first row of such names is refused.
 *
 * @throws RecoError `bad-data`
 */
export function refuseCatalog(data: Dataset): void {
  const load = loadStep(data);
  const { user, item, unused = [] } = load?.columns ?? {};
  if (load === undefined || user === undefined || item === undefined) return;
  const headless = load.header === false;
  if (headless && data.size === 0) return;
  const names = headless ? [String(data.users.id(0)), String(data.items.id(0))] : [user.name, item.name, ...unused];
  const [userName, itemName] = names.map(plainName);
  const [guessedUser, guessedItem] = [user.by === "place", item.by === "place"];
  const describes = (name: string) => DESCRIPTIONS.has(name) || TITLES.has(name);
  const isCatalog =
    guessedUser && guessedItem
      ? !headless || (describes(userName) && describes(itemName))
      : !headless && ((guessedUser && describes(userName)) || (guessedItem && DESCRIPTIONS.has(itemName)));
  if (!isCatalog) return;
  throw new RecoError(
    "bad-data",
    `${load.files.join(", ")} has the columns ${names.slice(0, 12).join(", ")}, which don't tell who did something with which item. ` +
      "If it is a catalog, import it with --items FILE. If it has events, name their columns with --user and --item.",
  );
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}
