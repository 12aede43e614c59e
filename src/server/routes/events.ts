import { Type } from "typebox";
import { Id } from "../../data/text-schemas.ts";
import type { EventInput } from "../../store/store.ts";
import { RecoError } from "../../util/errors.ts";
import { defineRoutes } from "../define-routes.ts";
import { type Flaw, InvalidRequest } from "../problem.ts";
import { EventBatch, Ingested, PastEvent } from "../schemas/event.ts";
import { timeAt } from "../schemas/ids.ts";
import { responses } from "../schemas/problem.ts";

/** Browser keys are in everybody's hands: they may bring event types of their own only while most of the room for them is left. */
const TYPES_BY_BROWSERS = 64;

export default defineRoutes((app, { metrics }) => {
  app.post(
    "/v1/events",
    {
      config: { scope: "browser" },
      schema: {
        operationId: "addEvents",
        tags: ["events"],
        summary: "Add one event, or a list of them",
        description:
          "When it answers, they are on disk, and the next recommendation reflects them. Send an idempotency `key` to be able to retry.",
        body: EventBatch,
        response: responses({ 200: Ingested }),
      },
    },
    async (request) => {
      const now = Date.now();
      const { body, project } = request;
      const events = Array.isArray(body) ? body : [body];
      if (request.access.scope === "browser") checkTypes(events, project.eventTypes());
      for (let i = 0; i < events.length; i++) {
        const { time } = events[i];
        if (time === undefined) events[i].time = now;
        else if (typeof time === "string") events[i].time = timeAt(Array.isArray(body) ? `/${i}/time` : "/time", time);
      }
      const result = await project.ingest(events as EventInput[]);
      metrics.ingested(request.access.project, result.accepted, result.duplicates, result.refused.length);
      if (result.refused.length === events.length)
        throw new InvalidRequest(
          result.refused
            .slice(0, 20)
            .map(({ index, message }): Flaw => ({ in: "body", path: Array.isArray(body) ? `/${index}` : "", message })),
        );
      return result;
    },
  );

  app.get(
    "/v1/events",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "recentEvents",
        tags: ["events"],
        summary: "The newest events of a user, newest first",
        querystring: Type.Object(
          { user: Id, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: "50 when absent." })) },
          { additionalProperties: false },
        ),
        response: responses({ 200: Type.Object({ events: Type.Array(PastEvent) }, { additionalProperties: false }) }),
      },
    },
    (request, reply) => {
      const { user, limit = 50 } = request.query;
      reply.send({ events: request.project.recentEvents(user, limit) });
    },
  );
});

function checkTypes(events: readonly { readonly type: string }[], known: readonly string[]): void {
  const types = new Set(known);
  for (const { type } of events) types.add(type);
  if (types.size > Math.max(known.length, TYPES_BY_BROWSERS))
    throw new RecoError(
      "forbidden",
      `A browser key may not bring more than ${TYPES_BY_BROWSERS} event types. Send one of a new type with a secret key first.`,
    );
}
