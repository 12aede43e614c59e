import { openStore } from "../../../store/open-store.ts";
import type { ProjectStore } from "../../../store/store.ts";
import { type Unchecked, unchecked } from "../../../store/testing/unchecked.ts";

/** An in-memory project with these events. */
export async function openShop(events: readonly Unchecked[] = []): Promise<ProjectStore> {
  const store = await openStore("memory");
  const shop = await store.createProject("shop");
  if (events.length > 0) await shop.append(unchecked(events));
  return shop;
}
