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
      schema: { operationId: "health", tags, summary: "Check that the process is running", response: { 200: Fine } },
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
        summary: "Check that every project can answer",
        response: responses({ 200: Fine }),
      },
    },
    async () => {
      if (closing) throw new HttpError("unavailable", "The server is stopping.");
      try {
        // Popularity answers from memory as soon as a project is open.
        for (const name of engine.store.projects()) engine.project(name).recommenders();
      } catch {
        throw new HttpError("unavailable", "Not ready: not every project can answer yet.");
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
        summary: "Get Prometheus metrics",
        response: responses({
          200: { description: "Metrics in Prometheus text format", content: { "text/plain": { schema: Type.String() } } },
        }),
      },
    },
    async (_request, reply) => {
      reply.header("content-type", metrics.contentType);
      return metrics.text();
    },
  );
});
