import type { Storage } from "./storage.ts";

/**
 * Opens the storage at a location, and creates it if it doesn't exist.
 *
 * @param location `memory`; `postgres://…` or `postgresql://…` with user, host and database; or the path of a file on disk
 * @throws RecoError `in-use`, `bad-data`, `unsupported` (a driver is missing, or a newer format) or `storage-failed`
 *
 * @example
 * ```ts
 * import { openStorage } from "recobase/store";
 *
 * const storage = await openStorage("memory");
 * await storage.createProject("shop");
 * await storage.commit("shop", 0, () => [{ type: "document", kind: "note", key: "first", body: '"hello"' }]);
 * for await (const change of storage.changes("shop", 0)) console.log(change.sequence); // 1
 * await storage.close();
 * ```
 */
export async function openStorage(location: string): Promise<Storage> {
  // Load drivers on demand: each needs only its own dependencies.
  if (location === "memory") return (await import("./memory/memory-storage.ts")).openMemoryStorage();
  if (/^postgres(ql)?:/.test(location)) return (await import("./postgres/postgres-storage.ts")).openPostgresStorage(location);
  return (await import("./sqlite/sqlite-storage.ts")).openSqliteStorage(location);
}
