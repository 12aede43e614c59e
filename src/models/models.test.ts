import { describe, test } from "vitest";
import { modelSuite } from "../testing/model-suite.ts";
import { registry } from "./registry.gen.ts";

describe.each(Object.entries(registry))("%s", (_name, factory) => {
  test.each(modelSuite.map((check) => [check.name, check] as const))("%s", async (_title, check) => {
    await check.run(factory);
  });
});
