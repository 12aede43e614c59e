import { Type } from "typebox";
import type { EntityInput } from "../../data/entities.ts";
import { UserInput } from "../../data/entities.ts";
import { Id } from "../../data/text-schemas.ts";
import type { ProjectStore } from "../../store/store.ts";
import { RecoError } from "../../util/errors.ts";
import { KeyedMutex } from "../../util/keyed-mutex.ts";
import type { App } from "../app.ts";
import { merged, page } from "../entities.ts";
import { Next, PageQuery, User, UserBody, Written } from "../schemas/entity.ts";
import { responses } from "../schemas/problem.ts";
import { UserExport } from "../schemas/user-export.ts";

const tags = ["users"];
const OneUser = Type.Object({ user: Id }, { additionalProperties: false });

export function userRoutes(app: App): void {
  const mutex = new KeyedMutex();

  app.get(
    "/v1/users",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "listUsers",
        tags,
        summary: "Users with properties, in order of their ids",
        querystring: PageQuery,
        response: responses({ 200: Type.Object({ users: Type.Array(User), next: Next }, { additionalProperties: false }) }),
      },
    },
    (request, reply) => {
      const { entities, next } = page((at) => request.project.store.listUsers(at), request.query);
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
        summary: "Create or replace users: all of them, or none",
        body: Type.Array(UserInput, { minItems: 1, maxItems: 10_000 }),
        response: responses({ 200: Written }),
      },
    },
    async (request) => {
      await request.project.store.putUsers(request.body.map(({ id, properties = {} }) => ({ id, properties })));
      return { written: request.body.length };
    },
  );

  app.get(
    "/v1/users/:user",
    {
      config: { scope: "secret" },
      schema: { operationId: "getUser", tags, summary: "A user's properties", params: OneUser, response: responses({ 200: User }) },
    },
    (request, reply) => {
      reply.send(known(request.project.store, request.params.user));
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
    (request) => {
      const { access, body, params, project } = request;
      return mutex.runExclusive(`${access.project}/${params.user}`, () =>
        put(project.store, { id: params.user, properties: body.properties ?? {} }),
      );
    },
  );

  app.patch(
    "/v1/users/:user",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "patchUser",
        tags,
        summary: "Change some of a user's properties",
        description: "What is not named stays; a property of null goes.",
        params: OneUser,
        body: UserBody,
        response: responses({ 200: User }),
      },
    },
    (request) => {
      const { access, body, params, project } = request;
      return mutex.runExclusive(`${access.project}/${params.user}`, () => {
        const before = known(project.store, params.user);
        return put(project.store, { id: before.id, properties: merged(before.properties, body.properties) });
      });
    },
  );

  app.delete(
    "/v1/users/:user",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "deleteUser",
        tags,
        summary: "Remove every trace of a user",
        description:
          "Events, properties, answers served and the id itself are gone from the store when it answers, and from the models with their next fit.",
        params: OneUser,
        response: responses({
          200: Type.Object({ events: Type.Integer({ description: "Events removed." }) }, { additionalProperties: false }),
        }),
      },
    },
    async (request) => {
      const { access, params, project } = request;
      return { events: await mutex.runExclusive(`${access.project}/${params.user}`, () => project.store.deleteUser(params.user)) };
    },
  );

  app.get(
    "/v1/users/:user/export",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "exportUser",
        tags,
        summary: "Everything that is kept about a user",
        params: OneUser,
        response: responses({ 200: UserExport }),
      },
    },
    async (request) => {
      const { user } = request.params;
      const kept = await request.project.store.exportUser(user);
      if (kept.user === undefined && kept.events.length === 0 && kept.impressions.length === 0) throw unknown(user);
      const impressions = kept.impressions.map(({ scores, propensities, features, ...answer }) => ({
        ...answer,
        scores: Array.from(scores),
        propensities: Array.from(propensities),
        // Where a source did not name an item stands NaN, which JSON has not.
        features: Object.fromEntries(
          Object.entries(features).map(([source, values]) => [source, Array.from(values, (x) => (Number.isNaN(x) ? null : x))]),
        ),
      }));
      return { ...kept, impressions };
    },
  );
}

async function put(store: ProjectStore, user: EntityInput) {
  await store.putUsers([user]);
  return known(store, user.id);
}

function known(store: ProjectStore, id: string) {
  const user = store.user(id);
  if (user === undefined) throw unknown(id);
  return user;
}

function unknown(id: string): RecoError {
  return new RecoError("unknown-user", `Nothing is kept about a user ${JSON.stringify(id.slice(0, 64))}.`);
}
