import { Type } from "typebox";
import { Label } from "../../data/text-schemas.ts";
import type { Job } from "../../engine/jobs/job.ts";
import { RecoError } from "../../util/errors.ts";
import { defineRoutes } from "../define-routes.ts";
import { Moment } from "../schemas/ids.ts";
import { Nothing, responses } from "../schemas/problem.ts";

const tags = ["jobs"];
const OneJob = Type.Object({ job: Label }, { additionalProperties: false });

const JobRecord = Type.Object(
  {
    id: Type.String(),
    kind: Type.String({ description: "`train`, `update`, `import`, `export` or `retention`." }),
    state: Type.String({ description: "`waiting`, `running`, `done`, `failed` or `cancelled`." }),
    trigger: Type.String({ description: "What started it: `manual`, `schedule`, `events`, `drift`, `first`." }),
    created: Moment,
    started: Type.Optional(Moment),
    finished: Type.Optional(Moment),
    progress: Type.Optional(Type.Number({ description: "In [0, 1]; absent if unknown." })),
    task: Type.String({ description: "The current task." }),
    error: Type.Optional(Type.String({ description: "Why it failed." })),
    result: Type.Optional(Type.Unknown()),
  },
  { additionalProperties: false, title: "Job" },
);

export default defineRoutes((app) => {
  app.get(
    "/v1/jobs",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "listJobs",
        tags,
        summary: "List jobs, running and finished, newest first",
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
      schema: { operationId: "getJob", tags, summary: "Get a job", params: OneJob, response: responses({ 200: JobRecord }) },
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
        description: "If a fit is already running or waiting, it is returned instead.",
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
        summary: "Cancel a waiting or running job",
        params: OneJob,
        response: responses({ 204: Nothing }, 409),
      },
    },
    async (request, reply) => {
      const { params, project } = request;
      if (!(await project.cancel(params.job)))
        throw project.job(params.job) ? new RecoError("conflict", "The job has already ended.") : unknown(params.job);
      return reply.code(204).send();
    },
  );
});

function unknown(id: string): RecoError {
  return new RecoError("not-found", `Unknown job ${JSON.stringify(id)}. GET /v1/jobs lists all jobs.`);
}
