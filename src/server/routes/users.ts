import { Type } from "typebox";
import { UserInput } from "../../data/entities.ts";
import { Id } from "../../data/text-schemas.ts";
import { defineRoutes } from "../define-routes.ts";
import { Next, PageQuery, User, UserBody, Written } from "../schemas/entity.ts";
import { responses } from "../schemas/problem.ts";
import { UserExport } from "../schemas/user-export.ts";

const tags = ["users"];
const OneUser = Type.Object({ user: Id }, { additionalProperties: false });

export default defineRoutes((app) => {
  app.get(
    "/v1/users",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "listUsers",
        tags,
        summary: "List users with properties, sorted by id",
        querystring: PageQuery,
        response: responses({ 200: Type.Object({ users: Type.Array(User), next: Next }, { additionalProperties: false }) }),
      },
    },
    (request, reply) => {
      const { entities, next } = request.project.listUsers(request.query);
      reply.send({ users: entities, next });
    },
  );

  app.post(
    "/v1/users",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "putUsers",
        tags,
        summary: "Create or replace users, all or none",
        body: Type.Array(UserInput, { minItems: 1, maxItems: 10_000 }),
        response: responses({ 200: Written }),
      },
    },
    async (request) => {
      const warned = await request.project.putUsers(request.body.map(({ id, properties = {} }) => ({ id, properties })));
      return { written: request.body.length, ...warned };
    },
  );

  app.get(
    "/v1/users/:user",
    {
      config: { scope: "secret" },
      schema: { operationId: "getUser", tags, summary: "A user's properties", params: OneUser, response: responses({ 200: User }) },
    },
    (request, reply) => {
      reply.send(request.project.user(request.params.user));
    },
  );

  app.put(
    "/v1/users/:user",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "putUser",
        tags,
        summary: "Create or replace a user's properties",
        params: OneUser,
        body: UserBody,
        response: responses({ 200: User }),
      },
    },
    (request) => request.project.putUser({ id: request.params.user, properties: request.body.properties ?? {} }),
  );

  app.patch(
    "/v1/users/:user",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "patchUser",
        tags,
        summary: "Update some of a user's properties",
        description: "Properties you leave out stay the same; null removes one.",
        params: OneUser,
        body: UserBody,
        response: responses({ 200: User }),
      },
    },
    (request) => request.project.patchUser(request.params.user, request.body),
  );

  app.delete(
    "/v1/users/:user",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "deleteUser",
        tags,
        summary: "Delete everything about a user",
        description:
          "Once the server answers, events, properties, impressions and the id itself are gone from the store. The next fit removes what the live model learned from the user.",
        params: OneUser,
        response: responses({
          200: Type.Object({ events: Type.Integer({ description: "Events removed." }) }, { additionalProperties: false }),
        }),
      },
    },
    async (request) => ({ events: await request.project.deleteUser(request.params.user) }),
  );

  app.post(
    "/v1/users/:user/merge",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "mergeUsers",
        tags,
        summary: "Make what another user did what this user did",
        description:
          "For a visitor who logs in: the other user's events and impressions, and the properties that this user has not, become this user's. The other user is gone; later events with that id belong to a new user. Repeating the request does nothing. The merge is listed in the user's export, and DELETE /v1/users/{user}/merge/{from} takes it back.",
        params: OneUser,
        body: Type.Object({ from: Id }, { additionalProperties: false }),
        response: responses({
          200: Type.Object({ events: Type.Integer({ description: "Events moved." }) }, { additionalProperties: false }),
        }),
      },
    },
    async (request) => ({ events: await request.project.mergeUser(request.params.user, request.body.from) }),
  );

  app.delete(
    "/v1/users/:user/merge/:from",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "splitUsers",
        tags,
        summary: "Take a merge of users back",
        description:
          "The other user exists again, with the events and properties that came from there. Impressions, and events sent since, stay with this user.",
        params: Type.Object({ user: Id, from: Id }, { additionalProperties: false }),
        response: responses({
          200: Type.Object({ events: Type.Integer({ description: "Events moved back." }) }, { additionalProperties: false }),
        }),
      },
    },
    async (request) => ({ events: await request.project.splitUser(request.params.user, request.params.from) }),
  );

  app.get(
    "/v1/users/:user/export",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "exportUser",
        tags,
        summary: "Export everything stored about a user",
        params: OneUser,
        response: responses({ 200: UserExport }),
      },
    },
    async (request) => {
      const kept = await request.project.exportUser(request.params.user);
      const impressions = kept.impressions.map(({ scores, propensities, features, ...answer }) => ({
        ...answer,
        scores: Array.from(scores),
        propensities: Array.from(propensities),
        // If a source did not return an item, the value is NaN, which JSON doesn't have.
        features: Object.fromEntries(
          Object.entries(features).map(([source, values]) => [source, Array.from(values, (x) => (Number.isNaN(x) ? null : x))]),
        ),
      }));
      return { ...kept, impressions };
    },
  );
});
