import { catalogChecks } from "./store-checks/catalog.ts";
import { documentChecks } from "./store-checks/documents.ts";
import { eventChecks } from "./store-checks/events.ts";
import { impressionChecks } from "./store-checks/impressions.ts";
import { mergingChecks } from "./store-checks/merging.ts";
import { removalChecks } from "./store-checks/removal.ts";
import { replicaChecks } from "./store-checks/replicas.ts";
import type { StoreCheck } from "./store-checks/session.ts";

export type { StoreCheck, StorePlace } from "./store-checks/session.ts";

/**
 * The checks that every store must pass. Run them with any test runner, over your own storages too.
 *
 * @example
 * ```ts
 * import { openStorage, openStore } from "recobase/store";
 * import { storeSuite } from "recobase/testing";
 *
 * const storage = await openStorage("memory");
 * const place = { open: () => openStore(storage), shared: false };
 * for (const check of storeSuite) await check.run(place); // with vitest: test(check.name, () => check.run(place))
 * ```
 */
export const storeSuite: readonly StoreCheck[] = [
  ...eventChecks,
  ...catalogChecks,
  ...documentChecks,
  ...impressionChecks,
  ...removalChecks,
  ...mergingChecks,
  ...replicaChecks,
];
