import { Type } from "typebox";
import { defineRoutes } from "../define-routes.ts";
import { HttpError } from "../problem.ts";
import { responses } from "../schemas/problem.ts";

const tags = ["health"];
const Fine = Type.Object({ status: Type.Literal("ok") }, { additionalProperties: false });

export default defineRoutes((app, { engine, metrics }) => {
  let closing = false;
  app.addHook("preClose", async () => {
    closing = true;
  });

  app.get(
    "/healthz",
    {
      config: { scope: "public" },
      schema: { operationId: "health", tags, summary: "The process lives", response: { 200: Fine } },
    },
    (_request, reply) => {
      reply.send({ status: "ok" });
    },
  );

  app.get(
    "/readyz",
    {
      config: { scope: "public" },
      schema: {
        operationId: "ready",
        tags,
        summary: "Every project can be read and has something to answer with",
        response: responses({ 200: Fine }),
      },
    },
    async () => {
      if (closing) throw new HttpError("unavailable", "The server is stopping.");
      try {
        // Popularity answers from memory, and does as soon as a project is open.
        for (const name of engine.store.projects()) engine.project(name).recommenders();
      } catch {
        throw new HttpError("unavailable", "Not every project can answer yet.");
      }
      return { status: "ok" };
    },
  );

  app.get(
    "/metrics",
    {
      config: { scope: "admin", server: true },
      schema: {
        operationId: "metrics",
        tags,
        summary: "Figures for Prometheus",
        response: responses({ 200: { description: "Text in Prometheus' format", content: { "text/plain": { schema: Type.String() } } } }),
      },
    },
    async (_request, reply) => {
      reply.header("content-type", metrics.contentType);
      return metrics.text();
    },
  );
});
