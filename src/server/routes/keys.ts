import { Type } from "typebox";
import { Label } from "../../data/text-schemas.ts";
import { RecoError } from "../../util/errors.ts";
import { defineRoutes } from "../define-routes.ts";
import { Moment, Name } from "../schemas/ids.ts";
import { Nothing, responses } from "../schemas/problem.ts";

const tags = ["administration"];
const scope = Type.Union([Type.Literal("browser"), Type.Literal("secret"), Type.Literal("admin")], {
  description:
    "`browser`: write events and read recommendations; safe to publish. `secret`: everything in one project. `admin`: everything.",
});
const fields = { id: Type.String(), scope: Type.String(), project: Type.Optional(Type.String()), name: Type.String(), created: Moment };
const Key = Type.Object(
  { ...fields, used: Type.Optional({ ...Moment, description: "Last use, accurate to about ten minutes." }) },
  { additionalProperties: false, title: "Key" },
);
const NewKey = Type.Object(
  { ...fields, key: Type.String({ description: "The key itself. It is only shown once." }) },
  { additionalProperties: false, title: "NewKey" },
);

export default defineRoutes((app, { engine, keys }) => {
  app.get(
    "/v1/keys",
    {
      config: { scope: "admin", server: true },
      schema: {
        operationId: "listKeys",
        tags,
        summary: "List keys, without the secrets themselves",
        response: responses({ 200: Type.Object({ keys: Type.Array(Key) }, { additionalProperties: false }) }),
      },
    },
    (_request, reply) => {
      reply.send({ keys: keys.list() });
    },
  );

  app.post(
    "/v1/keys",
    {
      config: { scope: "admin", server: true },
      schema: {
        operationId: "createKey",
        tags,
        summary: "Create a key",
        body: Type.Object(
          { scope, name: Label, project: Type.Optional({ ...Name, description: "For browser and secret keys. Default `default`." }) },
          { additionalProperties: false },
        ),
        response: responses({ 201: NewKey }),
      },
    },
    async (request, reply) => {
      const { scope, name, project = request.access.project } = request.body;
      if (scope === "admin" && request.body.project !== undefined)
        throw new RecoError("bad-input", "Admin keys cover every project. Omit `project`, or create a secret key instead.");
      if (scope !== "admin") engine.project(project);
      reply.code(201).header("cache-control", "no-store");
      return keys.create(scope === "admin" ? { scope, name } : { scope, name, project });
    },
  );

  app.delete(
    "/v1/keys/:key",
    {
      config: { scope: "admin", server: true },
      schema: {
        operationId: "revokeKey",
        tags,
        summary: "Revoke a key",
        params: Type.Object({ key: Label }, { additionalProperties: false }),
        response: responses({ 204: Nothing }, 409),
      },
    },
    async (request, reply) => {
      const { key } = request.params;
      const admins = keys.list().filter(({ scope }) => scope === "admin");
      if (admins.length === 1 && admins[0].id === key)
        throw new RecoError("conflict", "This is the last admin key. Create another one first.");
      if (!(await keys.revoke(key))) throw new RecoError("not-found", "Unknown key id. GET /v1/keys lists all keys.");
      return reply.code(204).send();
    },
  );
});
