import { openStore } from "../../../store/open-store.ts";
import type { EventInput, ProjectStore } from "../../../store/store.ts";

/** A project in memory with these events. */
export async function openShop(events: readonly EventInput[] = []): Promise<ProjectStore> {
  const store = await openStore("memory");
  const shop = await store.createProject("shop");
  if (events.length > 0) await shop.append(events);
  return shop;
}
