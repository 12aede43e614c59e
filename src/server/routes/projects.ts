import { Type } from "typebox";
import { RecoError } from "../../util/errors.ts";
import { defaultProject } from "../access.ts";
import { defineRoutes } from "../define-routes.ts";
import { Name } from "../schemas/ids.ts";
import { Nothing, responses } from "../schemas/problem.ts";

const tags = ["administration"];
const Project = Type.Object({ name: Name }, { additionalProperties: false, title: "Project" });

export default defineRoutes((app, { engine, keys }) => {
  app.get(
    "/v1/projects",
    {
      config: { scope: "admin", server: true },
      schema: {
        operationId: "listProjects",
        tags,
        summary: "List projects",
        response: responses({ 200: Type.Object({ projects: Type.Array(Project) }, { additionalProperties: false }) }),
      },
    },
    (_request, reply) => {
      reply.send({ projects: engine.store.projects().map((name) => ({ name })) });
    },
  );

  app.post(
    "/v1/projects",
    {
      config: { scope: "admin", server: true },
      schema: {
        operationId: "createProject",
        tags,
        summary: "Create a project",
        body: Project,
        response: responses({ 201: Project }, 409),
      },
    },
    async (request, reply) => {
      const { name } = request.body;
      await engine.createProject(name);
      reply.code(201);
      return { name };
    },
  );

  app.delete(
    "/v1/projects/:name",
    {
      config: { scope: "admin", server: true },
      schema: {
        operationId: "deleteProject",
        tags,
        summary: "Delete a project with all its data and keys",
        params: Project,
        response: responses({ 204: Nothing }, 409),
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      if (name === defaultProject)
        throw new RecoError("conflict", `The project "${name}" can't be deleted, because requests that name no project use it.`);
      engine.project(name);
      // Keys first, so that no one sees a half-deleted project.
      await keys.revokeProject(name);
      await engine.deleteProject(name);
      return reply.code(204).send();
    },
  );
});
