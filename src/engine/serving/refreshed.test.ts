import { expect, test } from "vitest";
import { RecoError } from "../../util/errors.ts";
import { refreshed } from "./refreshed.ts";

test("a store that is up to date says nothing", async () => {
  expect(await refreshed({ refresh: async () => {} })).toBeUndefined();
});

test("a database that fails or does not answer is told, and does not stop the request", async () => {
  const refresh = async () => {
    throw new RecoError("storage-failed", "The connection was lost.");
  };
  expect(await refreshed({ refresh })).toEqual({
    source: "store",
    reason: "failed",
    message: expect.stringContaining("connection was lost"),
  });
  expect(await refreshed({ refresh: () => new Promise(() => {}) }, 5)).toMatchObject({ source: "store", reason: "timed-out" });
});
