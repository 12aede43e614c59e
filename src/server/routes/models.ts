import { Type } from "typebox";
import { Label } from "../../data/text-schemas.ts";
import type { ModelRecord as RecordOf } from "../../engine/engine.ts";
import { defineRoutes } from "../define-routes.ts";
import { Moment } from "../schemas/ids.ts";
import { responses } from "../schemas/problem.ts";

const tags = ["models"];

const Figures = Type.Record(Type.String(), Type.Union([Type.Number(), Type.Null()]));

const ModelRecord = Type.Object(
  {
    id: Type.String(),
    slot: Type.String({ description: "What it serves: `main` for the model that training chooses, otherwise the name of a source." }),
    model: Type.String(),
    options: Type.Record(Type.String(), Type.Unknown()),
    state: Type.String({ description: "`in-service` (live), `kept` (for rollback) or `rejected`." }),
    created: Moment,
    events: Type.Integer({ description: "Number of events it was fitted on." }),
    bytes: Type.Integer(),
    fitSeconds: Type.Number(),
    metrics: { ...Figures, description: "Measured on the held-out newest events." },
    metricsBefore: Type.Optional({ ...Figures, description: "Metrics of the live model at the time, on the same events." }),
    reason: Type.String({ description: "Why it was promoted or rejected." }),
  },
  { additionalProperties: false, title: "Model" },
);

export default defineRoutes((app) => {
  app.get(
    "/v1/models",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "listModels",
        tags,
        summary: "List live, kept and rejected models, with their metrics",
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
        summary: "Roll back to an earlier model",
        params: Type.Object({ slot: Label }, { additionalProperties: false }),
        querystring: Type.Object(
          { model: Type.Optional({ ...Label, description: "The id of a kept model. Default: the one before the live model." }) },
          { additionalProperties: false },
        ),
        response: responses({ 200: ModelRecord }, 409),
      },
    },
    async (request) => shown(await request.project.rollback(request.params.slot, request.query.model)),
  );
});

/** A metric that could not be computed is null, because JSON has no NaN. */
function shown({ metrics, metricsBefore, ...record }: RecordOf): object {
  return { ...record, metrics: finite(metrics), ...(metricsBefore === undefined ? {} : { metricsBefore: finite(metricsBefore) }) };
}

function finite(metrics: Readonly<Record<string, number>>): Record<string, number | null> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number.isFinite(value) ? value : null]));
}
