import { Type } from "typebox";
import type { EventInput } from "../../data/events.ts";
import { Id } from "../../data/text-schemas.ts";
import { RecoError } from "../../util/errors.ts";
import { defineRoutes } from "../define-routes.ts";
import { ingestPageEvents } from "../page-events.ts";
import { type Flaw, InvalidRequest } from "../problem.ts";
import { Envelope, EventBatch, Ingested, PastEvent } from "../schemas/event.ts";
import { responses } from "../schemas/problem.ts";
import { compileValidator } from "../validation.ts";

/** Browser keys are public, so they can add new event types only while most of the limit is left. */
const TYPES_BY_BROWSERS = 64;

export default defineRoutes((app, { metrics }) => {
  app.post(
    "/v1/events",
    {
      config: { scope: "browser" },
      validatorCompiler: (part) => compileValidator({ ...part, schema: Envelope }),
      schema: {
        operationId: "addEvents",
        tags: ["events"],
        summary: "Record an event or a list of events",
        description:
          "Once the server answers, the events are on disk, and the next recommendation reflects them. Send an idempotency `key` with each event to make retries safe. Invalid events in a list are reported in `refused` and the others are stored; if none is valid, the status is 400. A browser key can't add items: its events about unknown items are refused.",
        body: EventBatch,
        response: responses({ 200: Ingested }),
      },
    },
    async (request) => {
      const { body, project } = request;
      const events: readonly EventInput[] = Array.isArray(body) ? body : [body];
      if (request.access.scope === "browser") checkTypes(events, project.eventTypes());
      const result = await (request.access.scope === "browser"
        ? ingestPageEvents(project, events, request.access.user)
        : project.ingest(events));
      metrics.ingested(request.access.project, result.accepted, result.duplicates, result.refused.length);
      if (result.refused.length === events.length)
        throw new InvalidRequest(
          result.refused
            .slice(0, 20)
            .map(({ index, path, message }): Flaw => ({ in: "body", path: Array.isArray(body) ? `/${index}${path}` : path, message })),
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
        summary: "Get a user's newest events, newest first",
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

  app.delete(
    "/v1/events/:event",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "deleteEvent",
        tags: ["events"],
        summary: "Delete one event",
        description:
          "The id comes from GET /v1/events. Once the server answers, the event is gone from the store and counts in no list; the next fit removes what models learned from it. Its idempotency key stays used.",
        params: Type.Object({ event: Type.String({ maxLength: 64 }) }, { additionalProperties: false }),
        response: responses({ 204: Type.Null() }),
      },
    },
    async (request, reply) => {
      await request.project.deleteEvent(request.params.event);
      return reply.code(204).send(null);
    },
  );
});

function checkTypes(events: readonly Partial<EventInput>[], known: readonly string[]): void {
  const types = new Set(known);
  for (const event of events) if (typeof event?.type === "string") types.add(event.type);
  if (types.size > Math.max(known.length, TYPES_BY_BROWSERS))
    throw new RecoError(
      "forbidden",
      `A browser key can't add more event types once there are ${TYPES_BY_BROWSERS}. Send an event of the new type with a secret key first.`,
    );
}
