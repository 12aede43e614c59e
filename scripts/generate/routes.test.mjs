// @ts-check
import { expect, test } from "vitest";
import { routesFile, routesOf } from "./routes.mjs";

const good = 'export default defineRoutes((app) => {\n  app.get("/v1/ping", { schema: { operationId: "ping" } }, () => {});\n});\n';

test("finds the operations of a file with routes", () => {
  /** @type {string[]} */
  const problems = [];
  expect(routesOf("src/server/routes/ping.ts", good, problems)).toEqual(["ping"]);
  expect(problems).toEqual([]);
});

test.each([
  ["src/server/routes/ping.ts", "export const helper = 1;", /no routes found\. Add "export default defineRoutes/],
  ["src/server/routes/ping.ts", "export default (app) => {};", /no routes/],
  ["src/server/routes/ping.ts", "export default defineRoutes((app) => {});", /no operationId/],
  ["src/server/routes/deep/ping.ts", good, /directly into src\/server\/routes/],
])("rejects a file that the table cannot include: %s %s", (path, text, says) => {
  /** @type {string[]} */
  const problems = [];
  routesOf(path, text, problems);
  expect(problems.join()).toMatch(says);
});

test("the table imports each file under its name", () => {
  expect(routesFile(["items", "recent-views"])).toContain('import recentViewsRoutes from "./routes/recent-views.ts";\n');
  expect(routesFile(["items", "recent-views"])).toContain("= [\n  itemsRoutes,\n  recentViewsRoutes,\n];");
});
