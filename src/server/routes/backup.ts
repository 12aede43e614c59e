import { mkdtemp, open, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Type } from "typebox";
import { RecoError } from "../../util/errors.ts";
import { defineRoutes } from "../define-routes.ts";
import { responses } from "../schemas/problem.ts";

export default defineRoutes((app, { engine }) => {
  app.post(
    "/v1/backup",
    {
      config: { scope: "admin", server: true },
      schema: {
        operationId: "backup",
        tags: ["transfer"],
        summary: "A copy of everything, made while reads and writes go on",
        description:
          "It is sent rather than written somewhere, so that no request can name a file of the server. The copy is a store: open it to restore.",
        response: responses(
          { 200: { description: "A SQLite file", content: { "application/vnd.sqlite3": { schema: Type.String({ format: "binary" }) } } } },
          422,
        ),
      },
    },
    async (_request, reply) => {
      const { backup } = engine.store;
      if (backup === undefined)
        throw new RecoError(
          "unsupported",
          "Only a store in a SQLite file is copied here. For PostgreSQL use pg_dump; one in memory is not kept.",
        );
      // Beside the store, on a disk that has room for it and may be written to.
      const folder = await mkdtemp(join(dirname(resolve(engine.config.store ?? "recobase.db")), "recobase-backup-"));
      const path = join(folder, "recobase.db");
      const remove = () => rm(folder, { recursive: true, force: true });
      try {
        await backup.call(engine.store, path);
        const file = await open(path);
        const { size } = await file.stat();
        // Removed while it is open: nothing stays behind, even if the process is killed while it sends. Windows waits for the end.
        await remove().catch(() => {});
        reply.header("content-type", "application/vnd.sqlite3").header("content-length", size);
        reply.header("content-disposition", `attachment; filename="recobase-${new Date().toISOString().slice(0, 10)}.db"`);
        return reply.send(file.createReadStream().once("close", () => void remove().catch(() => {})));
      } catch (error) {
        await remove();
        throw error;
      }
    },
  );
});
