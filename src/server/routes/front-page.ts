import { Type } from "typebox";
import { version } from "../../util/version.ts";
import { defineRoutes } from "../define-routes.ts";

const Index = Type.Record(Type.String(), Type.String());

const links = [
  ["docs", "API reference, to read and try"],
  ["openapi.json", "the API as an OpenAPI 3.1 document"],
  ["healthz", "whether the process runs"],
  ["readyz", "whether every project can answer"],
] as const;

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>RecoBase</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { max-width: 40rem; margin: 3rem auto; padding: 0 1rem }
  pre { overflow-x: auto; padding: 0.75rem; border: 1px solid #8886; border-radius: 6px }
</style>
<h1>RecoBase ${version}</h1>
<p>The server is running. Record what a user did, then ask for recommendations. <code>RECOBASE_URL</code> is the address of this page, <code>RECOBASE_KEY</code> the key that the first start printed.</p>
<pre>curl -X POST -H "authorization: Bearer $RECOBASE_KEY" -H "content-type: application/json" \\
  -d '{ "user": "ann", "item": "tea", "type": "view" }' "$RECOBASE_URL/v1/events"

curl -H "authorization: Bearer $RECOBASE_KEY" \\
  "$RECOBASE_URL/v1/recommendations/for-you?user=ann&amp;k=10"</pre>
<ul>
${links.map(([path, about]) => `<li><a href="${path}">/${path}</a>: ${about}</li>`).join("\n")}
</ul>
</html>
`;

const index = { name: "RecoBase", version, ...Object.fromEntries(links.map(([path]) => [path.replace(".json", ""), `/${path}`])) };

/** What is at the root: a page for browsers, JSON for programs. */
export default defineRoutes((app) => {
  app.get(
    "/",
    {
      config: { scope: "public" },
      schema: {
        operationId: "frontPage",
        tags: ["health"],
        summary: "Find the API reference: a page for browsers, JSON for programs",
        response: {
          200: {
            description: "Name, version and paths",
            content: { "application/json": { schema: Index }, "text/html": { schema: Type.String() } },
          },
        },
      },
    },
    ({ headers }, reply) => {
      reply.header("vary", "accept");
      if (headers.accept?.includes("text/html")) reply.type("text/html; charset=utf-8").send(page);
      else reply.type("application/json; charset=utf-8").send(JSON.stringify(index));
    },
  );
});
