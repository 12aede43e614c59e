import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { openStorage } from "./open-storage.ts";

afterEach(() => {
  vi.doUnmock("pg");
  vi.doUnmock("@photostructure/sqlite");
  vi.restoreAllMocks();
});

const missing = () => {
  throw new Error("Cannot find package");
};

test("a missing driver of PostgreSQL is told with what to install", async () => {
  vi.doMock("pg", missing);
  await expect(openStorage("postgres://localhost/shop")).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringContaining("npm install pg"),
  });
});

test("a Node without SQLite, and without the package that stands in, is told what to install", async () => {
  vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined as never);
  vi.doMock("@photostructure/sqlite", missing);
  await expect(openStorage(join("nowhere", "shop.db"))).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringContaining("npm install @photostructure/sqlite"),
  });
});
