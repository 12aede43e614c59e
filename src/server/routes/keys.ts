import { Type } from "typebox";
import { Label } from "../../data/text-schemas.ts";
import { RecoError } from "../../util/errors.ts";
import { defineRoutes } from "../define-routes.ts";
import { Moment, Name } from "../schemas/ids.ts";
import { Nothing, responses } from "../schemas/problem.ts";

const tags = ["administration"];
const scope = Type.Union([Type.Literal("browser"), Type.Literal("secret"), Type.Literal("admin")], {
  description:
    "`browser`: may write events and read recommendations, and be shown to everybody. `secret`: all of one project. `admin`: all.",
});
const fields = { id: Type.String(), scope: Type.String(), project: Type.Optional(Type.String()), name: Type.String(), created: Moment };
const Key = Type.Object(
  { ...fields, used: Type.Optional({ ...Moment, description: "Last use." }) },
  { additionalProperties: false, title: "Key" },
);
const NewKey = Type.Object(
  { ...fields, key: Type.String({ description: "The key itself. It is shown now and never again." }) },
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
        summary: "All keys, without the keys themselves, of which only hashes are kept",
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
        summary: "Make a key",
        body: Type.Object(
          { scope, name: Label, project: Type.Optional({ ...Name, description: "For browser and secret keys; `default` when absent." }) },
          { additionalProperties: false },
        ),
        response: responses({ 201: NewKey }),
      },
    },
    async (request, reply) => {
      const { scope, name, project = request.access.project } = request.body;
      if (scope === "admin" && request.body.project !== undefined)
        throw new RecoError("bad-input", "An admin key is for all projects. Leave project away, or make a secret key.");
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
        summary: "Revoke a key: it opens nothing from now on",
        params: Type.Object({ key: Label }, { additionalProperties: false }),
        response: responses({ 204: Nothing }, 409),
      },
    },
    async (request, reply) => {
      const { key } = request.params;
      const admins = keys.list().filter(({ scope }) => scope === "admin");
      if (admins.length === 1 && admins[0].id === key)
        throw new RecoError("conflict", "This is the last admin key. Make another one first.");
      if (!(await keys.revoke(key))) throw new RecoError("not-found", "There is no key with this id.");
      return reply.code(204).send();
    },
  );
});
