import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { version } from "../util/version.ts";
import type { App } from "./app.ts";

const tags = [
  { name: "events", description: "Record what users do." },
  { name: "recommendations", description: "Get recommendations." },
  { name: "items", description: "The items to recommend, and their properties." },
  { name: "users", description: "Properties of users, and data export and deletion for a user." },
  { name: "recommenders", description: "Named pipelines of sources, filters, a scorer and rules." },
  { name: "models", description: "Trained models and rollback." },
  { name: "jobs", description: "Background work." },
  { name: "transfer", description: "Import, export, backup: streamed." },
  { name: "administration", description: "Projects, keys, metrics." },
  { name: "health", description: "Monitoring." },
];

/**
 * Generates an OpenAPI 3.1 document from the schemas of all routes registered after it, and serves a page at `/docs` to read and try them.
 */
export async function describeRoutes(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "RecoBase",
        version,
        description:
          "Recommendations over HTTP. Every request needs a key: `Authorization: Bearer rb_…`. Errors are problem details (RFC 9457); `code` is stable, so programs can rely on it. " +
          "With an admin key, choose the project with the header `RecoBase-Project`.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      components: {
        securitySchemes: {
          key: { type: "http", scheme: "bearer", description: "A browser, secret or admin key: rb_browser_…, rb_secret_…, rb_admin_…" },
        },
      },
      security: [{ key: [] }],
      tags,
    },
    transform: ({ schema, url, route }) => {
      const scope = route.config?.scope ?? "admin";
      const described = schema as typeof schema & { description?: string; summary?: string };
      if (described === undefined || described.summary === undefined) return { schema: { ...schema, hide: true }, url };
      const takes = { public: "", browser: "Requires a browser key.", secret: "Requires a secret key.", admin: "Requires an admin key." }[
        scope
      ];
      return {
        schema: {
          ...described,
          ...(scope === "public" ? { security: [] } : {}),
          description: [described.description, takes].filter(Boolean).join(" "),
        },
        url,
      };
    },
    transformObject: (document) => ("openapiObject" in document ? withComponents(document.openapiObject) : document.swaggerObject),
  });
  app.get("/openapi.json", { config: { scope: "public" }, schema: { hide: true } }, (_request, reply) => {
    reply.send(app.swagger());
  });
  app.addHook("onRoute", (route) => {
    if (route.url.startsWith("/docs")) route.config = { ...route.config, scope: "public" };
  });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    uiConfig: { docExpansion: "list", tryItOutEnabled: true, persistAuthorization: false },
    // The top bar would open other URLs and show the name of another project (Swagger).
    theme: { title: "RecoBase", css: [{ filename: "recobase.css", content: ".swagger-ui .topbar { display: none }" }] },
    staticCSP: true,
    // Over plain HTTP the page must not load its assets over HTTPS. It loads nothing from other origins.
    transformStaticCSP: (policy) => policy.replace(/ ?upgrade-insecure-requests;?/, "").replaceAll(/ (https:|validator\.swagger\.io)/g, ""),
    uiHooks: {
      onRequest: (_request, reply, done) => {
        reply.header("x-content-type-options", "nosniff");
        reply.header("x-frame-options", "DENY");
        reply.header("referrer-policy", "no-referrer");
        reply.header("cross-origin-opener-policy", "same-origin");
        done();
      },
    },
  });
}

type Json = { [name: string]: unknown };

/**
 * Schemas with a title become components with that name, so that generated clients have types with those names. Keywords that only this
 * server uses for its messages are left out.
 */
function withComponents<T extends object>(document: T): T {
  const schemas: Json = {};
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    const inner = Object.fromEntries(Object.entries(value).flatMap(([name, part]) => (ours(name, part) ? [] : [[name, walk(part)]])));
    const { title } = inner;
    if (typeof title !== "string" || (inner.type === undefined && inner.anyOf === undefined)) return inner;
    schemas[title] = inner;
    return { $ref: `#/components/schemas/${title}` };
  };
  const walked = walk(document) as T & { components?: Json };
  return { ...walked, components: { ...walked.components, schemas } };
}

/** Whether only this server uses a schema keyword: wording for messages, and what texts refer to. */
function ours(name: string, value: unknown): boolean {
  return (
    (name === "expects" && typeof value === "string") || (name === "refers" && typeof value === "object" && value !== null && "to" in value)
  );
}
