import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { Type } from "typebox";
import { encodingOf } from "../../data/readers/text-file.ts";
import type { ImportRun } from "../../engine/transfer/import-rows.ts";
import type { RowFormat } from "../../engine/transfer/importer.ts";
import type { App } from "../app.ts";
import { defineRoutes } from "../define-routes.ts";
import { HttpError, problemOf } from "../problem.ts";
import { responses } from "../schemas/problem.ts";

/** Supported media types and their formats. */
const formats: Readonly<Record<string, RowFormat>> = {
  "application/x-ndjson": "jsonl",
  "application/jsonl": "jsonl",
  "text/csv": "csv",
  "text/tab-separated-values": "tsv",
  "application/vnd.apache.parquet": "parquet",
};

const PROGRESS_EVERY = 1000;

const Progress = Type.Object(
  {
    job: Type.String(),
    state: Type.String({ description: "`running`, then `done`, `failed` or `cancelled` on the last line." }),
    bytes: Type.Integer(),
    encoding: Type.Optional(Type.String({ description: "What the text was read as, unless that is UTF-8." })),
    layout: Type.Optional(Type.String({ description: "The shop system whose product export it is, if the columns are those of one." })),
    rows: Type.Integer(),
    written: Type.Integer(),
    duplicates: Type.Integer({ description: "Rows already stored." }),
    bad: Type.Integer({ description: "Unusable rows. The others were written." }),
    badRows: Type.Optional(
      Type.Array(Type.Object({ line: Type.Integer(), message: Type.String() }), {
        description: "On the last line: the first 100 unusable rows.",
      }),
    ),
    warnings: Type.Optional(
      Type.Array(Type.String(), { description: "On the last line: event types and properties that look misspelled, if there are any." }),
    ),
    error: Type.Optional(Type.String()),
  },
  { title: "ImportProgress" },
);

/** The body, which is checked row by row instead of by a schema. */
const Rows = Type.Unknown({
  description: "JSON Lines (an Event, ItemInput or UserInput each), or a table whose first line names the columns.",
});

export const Kinds = Type.Union([Type.Literal("events"), Type.Literal("items"), Type.Literal("users")]);

export default defineRoutes((app) => {
  // A separate scope, because only here are bodies streams.
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
          summary: "Import events, items or users from JSON Lines, CSV, TSV or Parquet, of any size",
          description:
            "Rows are written as they arrive. The response has one line of progress per second, with the number of rows on disk; the last line reports unusable rows by line number. " +
            "Text is UTF-8, or as `charset` of the content type says; UTF-16 with a byte-order mark, and Windows-1252 where UTF-8 is impossible, are recognized and reported in `encoding`. The delimiter of a table is detected. " +
            "In tables, columns that aren't fields become properties. To cancel, use DELETE /v1/jobs/{job}. If you rerun an import, events already stored are skipped: those with the same `key`, and without a key, those that say the same (equal rows of one file count separately). Items and users are replaced.",
          body: { content: Object.fromEntries(Object.keys(formats).map((type) => [type, { schema: Rows }])) },
          params: Type.Object({ kind: Kinds }, { additionalProperties: false }),
          querystring: Type.Object(
            {
              times: Type.Optional(
                Type.Union([Type.Literal("clock"), Type.Literal("order")], {
                  default: "clock",
                  description:
                    "`order` if the times of events are numbers that only tell their order, such as 1 to n (at most 86,399,999). The events keep that order and count as having happened within the day before the import.",
                }),
              ),
              timeFormat: Type.Optional(
                Type.String({
                  maxLength: 64,
                  description: "The form of the times of events, such as `DD.MM.YYYY HH:mm`. By default dates begin with the year.",
                }),
              ),
              timeZone: Type.Optional(
                Type.String({
                  maxLength: 64,
                  description: "The zone of times of events that don't name one, such as `Europe/Vienna`. Default UTC.",
                }),
              ),
            },
            { additionalProperties: false },
          ),
          response: responses({
            200: { description: "Progress, one JSON object per line", content: { "application/x-ndjson": { schema: Progress } } },
          }),
        },
      },
      async (request, reply) => {
        const { project, body } = request;
        const { kind } = request.params;
        const type = (request.headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();
        if (!Object.hasOwn(formats, type))
          throw new HttpError("unsupported-media-type", `Unsupported content type. Use one of ${Object.keys(formats).join(", ")}.`);
        const length = Number(request.headers["content-length"]);
        const { socket } = request.raw;
        const charset = /;\s*charset="?([^";\s]+)/i.exec(request.headers["content-type"] ?? "")?.[1];
        const encoding = charset === undefined || /^utf-?8$/i.test(charset) ? undefined : encodingOf(charset);
        const file = { kind, format: formats[type], encoding, bytes: explained(body as AsyncIterable<Uint8Array>) };
        const { times, ...form } = request.query;
        const ordered = times === "order";
        const run = await project.importRows({ ...file, ...form, ordered, length: Number.isNaN(length) ? undefined : length });
        const { ended } = run;
        // An early failure, before anything is written, is a normal error response; a later one is reported on the last line.
        const error = await Promise.race([ended, setTimeout(PROGRESS_EVERY, undefined, { ref: false })]);
        if (error !== undefined && run.progress().written === 0) {
          reply.header("connection", "close");
          throw error;
        }
        // If an import ends early, the client keeps sending, so the connection is closed once it has the answer.
        reply.raw.once("finish", async () => {
          if ((await ended) !== undefined) socket.destroySoon();
        });
        reply.header("content-type", "application/x-ndjson").header("cache-control", "no-store");
        return reply.send(Readable.from(progressLines(run)));
      },
    );
  });
});

/** A body whose errors explain what happened to the connection. */
async function* explained(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    const { code, detail } = problemOf(error);
    throw code === "bad-request" ? new HttpError(code, detail) : error;
  }
}

async function* progressLines({ job, progress, ended }: ImportRun): AsyncGenerator<string> {
  let failure: unknown;
  const over = ended.then((error) => {
    failure = error;
    return true;
  });
  const line = () => {
    const { state, badRows, warnings, ...counts } = progress();
    const last =
      state === "running"
        ? {}
        : { badRows, ...(warnings.length > 0 && { warnings }), ...(state === "failed" && { error: problemOf(failure).detail }) };
    return `${JSON.stringify({ job, state, ...counts, ...last })}\n`;
  };
  for (;;) {
    yield line();
    if (progress().state !== "running") return;
    await Promise.race([over, setTimeout(PROGRESS_EVERY, undefined, { ref: false })]);
  }
}
