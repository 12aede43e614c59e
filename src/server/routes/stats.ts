import { Type } from "typebox";
import { defineRoutes } from "../define-routes.ts";
import { Moment } from "../schemas/ids.ts";
import { responses } from "../schemas/problem.ts";

const Stats = Type.Object(
  {
    project: Type.String(),
    events: Type.Integer(),
    users: Type.Integer({ description: "Users with events or properties." }),
    items: Type.Integer({ description: "Items with events or properties." }),
    describedItems: Type.Integer({ description: "Items with properties." }),
    describedUsers: Type.Integer({ description: "Users with properties." }),
    eventTypes: Type.Array(Type.Object({ type: Type.String(), count: Type.Integer() }, { additionalProperties: false })),
    from: Type.Optional({ ...Moment, description: "Time of the earliest event." }),
    to: Type.Optional({ ...Moment, description: "Time of the latest event." }),
    schema: Type.Record(Type.String(), Type.String(), { description: "Types of item properties, declared or inferred." }),
  },
  { additionalProperties: false, title: "Stats" },
);

export default defineRoutes((app) => {
  app.get(
    "/v1/stats",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "stats",
        tags: ["administration"],
        summary: "Get counts for the project",
        response: responses({ 200: Stats }),
      },
    },
    (request, reply) => {
      const { from, to, ...held } = request.project.stats();
      const times = Number.isNaN(from) ? {} : { from, to };
      reply.send({ project: request.project.name, ...held, ...times });
    },
  );
});
