import { expect, test } from "vitest";
import { RecoError } from "../../util/errors.ts";
import { refreshed } from "./refreshed.ts";

test("an up-to-date store reports nothing", async () => {
  expect(await refreshed({ refresh: async () => {} })).toBeUndefined();
});

test("a database that fails or doesn't respond is reported, and doesn't stop the request", async () => {
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
