import { Type } from "typebox";
import { Label } from "../../data/text-schemas.ts";
import type { ModelRecord as RecordOf } from "../../engine/engine.ts";
import { defineRoutes } from "../define-routes.ts";
import { ModelRecord } from "../schemas/model.ts";
import { responses } from "../schemas/problem.ts";

const tags = ["models"];

export default defineRoutes((app) => {
  app.get(
    "/v1/models",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "listModels",
        tags,
        summary: "Models in service and kept, with their metrics",
        response: responses({ 200: Type.Object({ models: Type.Array(ModelRecord) }, { additionalProperties: false }) }),
      },
    },
    (request, reply) => {
      reply.send({ models: request.project.models().map(shown) });
    },
  );

  app.post(
    "/v1/models/:slot/rollback",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "rollback",
        tags,
        summary: "Put a kept model back in service",
        params: Type.Object({ slot: Label }, { additionalProperties: false }),
        querystring: Type.Object(
          { model: Type.Optional({ ...Label, description: "Its id; the one before when absent." }) },
          { additionalProperties: false },
        ),
        response: responses({ 200: ModelRecord }, 409),
      },
    },
    async (request) => shown(await request.project.rollback(request.params.slot, request.query.model)),
  );
});

/** A figure that could not be computed is null: JSON has no NaN. */
function shown({ metrics, metricsBefore, ...record }: RecordOf): object {
  return { ...record, metrics: finite(metrics), ...(metricsBefore === undefined ? {} : { metricsBefore: finite(metricsBefore) }) };
}

function finite(metrics: Readonly<Record<string, number>>): Record<string, number | null> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number.isFinite(value) ? value : null]));
}
