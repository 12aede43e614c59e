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

const Health = Type.Object(
  {
    project: Type.String(),
    undeclared: Type.Array(
      Type.Object(
        {
          kind: Type.Union([Type.Literal("event"), Type.Literal("item"), Type.Literal("user")]),
          name: Type.String(),
          near: Type.Optional(Type.String({ description: "The declared name that is probably meant." })),
          events: Type.Optional(Type.Integer({ description: "Stored events of this type." })),
        },
        { additionalProperties: false },
      ),
      { description: "Event types and properties in use that the configuration doesn't declare and that look misspelled." },
    ),
    suddenRises: Type.Array(
      Type.Object({ item: Type.String(), events: Type.Integer(), newcomers: Type.Integer() }, { additionalProperties: false }),
      {
        description:
          "Items with a sudden rise today (UTC), mainly by users who were never here before: made-up visitors, or a campaign. Events of the day, and those of new users.",
      },
    ),
    unknownItems: Type.Object(
      {
        events: Type.Integer({ description: "Events of pages about unknown items, refused since this process started." }),
        ids: Type.Array(Type.String(), { description: "Some of the newest of these ids." }),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false, title: "Health" },
);

export default defineRoutes((app) => {
  app.get(
    "/v1/health",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "projectHealth",
        tags: ["administration"],
        summary: "Get what is noticeable about the project",
        description: "Names that look misspelled, and what pages send about unknown items. To check that the process runs, use /healthz.",
        response: responses({ 200: Health }),
      },
    },
    (request, reply) => {
      reply.send({ project: request.project.name, ...request.project.health() });
    },
  );

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
