import { Readable } from "node:stream";
import { Type } from "typebox";
import { defineRoutes } from "../define-routes.ts";
import { responses } from "../schemas/problem.ts";
import { Kinds } from "./imports.ts";

const mediaTypes = { jsonl: "application/x-ndjson", csv: "text/csv; charset=utf-8", parquet: "application/vnd.apache.parquet" } as const;
const text = { schema: Type.String() };

export default defineRoutes((app) => {
  app.get(
    "/v1/export/:kind",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "exportRows",
        tags: ["transfer"],
        summary: "Export all events, items or users",
        description:
          "The export is streamed and can be imported again. The header RecoBase-Rows has the approximate number of rows. In CSV and Parquet, each property is a column. In CSV, text that an import would take for something else, such as 1984 or true, is written as a JSON string, and imports read JSON strings as text.",
        params: Type.Object({ kind: Kinds }, { additionalProperties: false }),
        querystring: Type.Object(
          {
            format: Type.Optional(
              Type.Union([Type.Literal("jsonl"), Type.Literal("csv"), Type.Literal("parquet")], { description: "Default `jsonl`." }),
            ),
          },
          { additionalProperties: false },
        ),
        response: responses({
          200: {
            description: "The exported rows",
            content: {
              "application/x-ndjson": { schema: Type.Object({}, { additionalProperties: true, description: "One object per line." }) },
              "text/csv": text,
              "application/vnd.apache.parquet": { schema: Type.String({ format: "binary" }) },
            },
          },
        }),
      },
    },
    async (request, reply) => {
      const { kind } = request.params;
      const { format = "jsonl" } = request.query;
      const { rows, blocks } = await request.project.exportRows(kind, format);
      reply.header("content-type", mediaTypes[format]);
      reply.header("content-disposition", `attachment; filename="${kind}.${format}"`);
      reply.header("recobase-rows", rows);
      return reply.send(Readable.from(blocks));
    },
  );
});
