import { Type } from "typebox";
import { Label } from "../../data/text-schemas.ts";
import type { Job } from "../../engine/jobs/job.ts";
import { RecoError } from "../../util/errors.ts";
import { defineRoutes } from "../define-routes.ts";
import { JobRecord } from "../schemas/job.ts";
import { Nothing, responses } from "../schemas/problem.ts";

const tags = ["jobs"];
const OneJob = Type.Object({ job: Label }, { additionalProperties: false });

export default defineRoutes((app) => {
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
      reply.send({ jobs: request.project.jobs() });
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
      const found = request.project.job(job);
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
      const { params, project } = request;
      if (!(await project.cancel(params.job)))
        throw project.job(params.job) ? new RecoError("conflict", "The job has ended already.") : unknown(params.job);
      return reply.code(204).send();
    },
  );
});

function unknown(id: string): RecoError {
  return new RecoError("not-found", `There is no job ${JSON.stringify(id)}.`);
}
