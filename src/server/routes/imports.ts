import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { Type } from "typebox";
import { resolveProject } from "../../engine/config/resolve-project.ts";
import type { App, ServerContext } from "../app.ts";
import { HttpError } from "../problem.ts";
import { responses } from "../schemas/problem.ts";
import { ImportJob } from "../transfer/import-jobs.ts";
import { readParquet } from "../transfer/parquet.ts";
import { readDelimited, readJsonLines } from "../transfer/read-rows.ts";
import { importTarget } from "../transfer/targets.ts";

/** Media types that are read, each by its reader. */
const formats = {
  "application/x-ndjson": "json-lines",
  "application/jsonl": "json-lines",
  "text/csv": "csv",
  "text/tab-separated-values": "tsv",
  "application/vnd.apache.parquet": "parquet",
} as const;

const PROGRESS_EVERY = 1000;

const Progress = Type.Object(
  {
    job: Type.String(),
    state: Type.String({ description: "`running`, then `done`, `failed` or `cancelled` on the last line." }),
    bytes: Type.Integer(),
    rows: Type.Integer(),
    written: Type.Integer(),
    duplicates: Type.Integer(),
    bad: Type.Integer({ description: "Rows that could not be used. The others were written." }),
    badRows: Type.Optional(
      Type.Array(Type.Object({ line: Type.Integer(), message: Type.String() }), {
        description: "On the last line: the first 100 of them.",
      }),
    ),
    error: Type.Optional(Type.String()),
  },
  { title: "ImportProgress" },
);

/** The body, which is read by no schema but row by row. */
const Rows = Type.Unknown({
  description: "JSON lines (an Event, ItemInput or UserInput each), or a table whose first line names its columns.",
});

export const Kinds = Type.Union([Type.Literal("events"), Type.Literal("items"), Type.Literal("users")]);

export function importRoutes(app: App, { imports, engine }: ServerContext): void {
  // In a scope of its own: here, and only here, bodies are streams.
  app.register(async (scope: App) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(Object.keys(formats), (_request, payload, done) => done(null, payload));
    scope.post(
      "/v1/import/:kind",
      {
        config: { scope: "secret", streamed: true },
        schema: {
          operationId: "importRows",
          tags: ["transfer"],
          summary: "Import events, items or users from JSON lines, CSV, TSV or Parquet, of any size",
          description:
            "Rows are written as they come, and what is on disk is counted in a line of progress a second. Rows that cannot be used are counted, and named by their line at the end. " +
            "In tables, each column that is no field is a property. Cancel it with DELETE /v1/jobs/{job}.",
          body: { content: Object.fromEntries(Object.keys(formats).map((type) => [type, { schema: Rows }])) },
          params: Type.Object({ kind: Kinds }, { additionalProperties: false }),
          response: responses({
            200: { description: "Progress, a JSON object a line", content: { "application/x-ndjson": { schema: Progress } } },
          }),
        },
      },
      async (request, reply) => {
        const { project, body } = request;
        const { kind } = request.params;
        const format = formats[(request.headers["content-type"] ?? "").split(";")[0].trim().toLowerCase() as keyof typeof formats];
        if (format === undefined) throw new HttpError("unsupported-media-type", `Give a content-type: ${Object.keys(formats).join(", ")}.`);
        const length = Number(request.headers["content-length"]);
        const config = resolveProject(engine.config, project.name);
        const types = kind === "items" ? { ...project.store.catalogue.schema, ...config.items } : (config.users ?? {});
        const job = new ImportJob(kind, importTarget(kind, project), Number.isNaN(length) ? undefined : length);
        imports.add(project.name, job);
        const { socket } = request.raw;
        const ended = job.run(body as AsyncIterable<Uint8Array>, (bytes, importer) => {
          if (format === "json-lines") return readJsonLines(kind, bytes, importer);
          if (format === "parquet") return readParquet(kind, bytes, importer);
          return readDelimited(kind, bytes, importer, { delimiter: format === "csv" ? "," : "\t", types });
        });
        // What fails soon, with nothing written, is an error like any other; later, the last line says it.
        const error = await Promise.race([ended, setTimeout(PROGRESS_EVERY, undefined, { ref: false })]);
        if (error !== undefined && job.written === 0) {
          reply.header("connection", "close");
          throw error;
        }
        // An import that ends early has a sender who goes on sending: he is cut off once he has the answer.
        reply.raw.once("finish", async () => {
          if ((await ended) !== undefined) socket.destroySoon();
        });
        reply.header("content-type", "application/x-ndjson").header("cache-control", "no-store");
        return reply.send(Readable.from(progressLines(job, ended)));
      },
    );
  });
}

async function* progressLines(job: ImportJob, ended: Promise<unknown>): AsyncGenerator<string> {
  const line = () => `${JSON.stringify(job.progress())}\n`;
  for (let over = false; !over; ) {
    yield line();
    if (job.progress().state !== "running") return;
    over = await Promise.race([ended.then(() => true), setTimeout(PROGRESS_EVERY, false, { ref: false })]);
  }
  yield line();
}
