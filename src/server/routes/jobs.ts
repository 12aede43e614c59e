import { Type } from "typebox";
import { Label } from "../../data/text-schemas.ts";
import type { Job } from "../../engine/engine.ts";
import { RecoError } from "../../util/errors.ts";
import type { App, ServerContext } from "../app.ts";
import { JobRecord } from "../schemas/job.ts";
import { Nothing, responses } from "../schemas/problem.ts";

const tags = ["jobs"];
const OneJob = Type.Object({ job: Label }, { additionalProperties: false });

export function jobRoutes(app: App, { imports }: ServerContext): void {
  app.get(
    "/v1/jobs",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "listJobs",
        tags,
        summary: "Jobs under way and done, newest first",
        response: responses({ 200: Type.Object({ jobs: Type.Array(JobRecord) }, { additionalProperties: false }) }),
      },
    },
    (request, reply) => {
      const jobs = [...imports.jobs(request.access.project), ...request.project.jobs()];
      reply.send({ jobs: jobs.sort((a, b) => b.created - a.created) });
    },
  );

  app.get(
    "/v1/jobs/:job",
    {
      config: { scope: "secret" },
      schema: { operationId: "getJob", tags, summary: "A job", params: OneJob, response: responses({ 200: JobRecord }) },
    },
    (request, reply) => {
      const { job } = request.params;
      const found = [...imports.jobs(request.access.project), ...request.project.jobs()].find(({ id }) => id === job);
      if (found === undefined) throw unknown(job);
      reply.send(found);
    },
  );

  app.post(
    "/v1/jobs",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "startJob",
        tags,
        summary: "Start a fit now",
        description: "While one is running, that one is returned.",
        body: Type.Object({ kind: Type.Literal("train") }, { additionalProperties: false }),
        response: responses({ 202: JobRecord }, 409),
      },
    },
    async (request, reply): Promise<Job> => {
      reply.code(202);
      return request.project.train();
    },
  );

  app.delete(
    "/v1/jobs/:job",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "cancelJob",
        tags,
        summary: "Cancel a job that waits or runs",
        params: OneJob,
        response: responses({ 204: Nothing }, 409),
      },
    },
    async (request, reply) => {
      const { access, params, project } = request;
      if (!imports.cancel(access.project, params.job) && !(await project.cancel(params.job))) {
        const known = [...imports.jobs(access.project), ...project.jobs()].some(({ id }) => id === params.job);
        throw known ? new RecoError("conflict", "The job has ended already.") : unknown(params.job);
      }
      return reply.code(204).send();
    },
  );
}

function unknown(id: string): RecoError {
  return new RecoError("not-found", `There is no job ${JSON.stringify(id)}.`);
}
