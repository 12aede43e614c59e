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
        summary: "Download a backup, without interrupting reads and writes",
        description: "The response is a complete copy of the store. To restore it, start the server with the copy. SQLite only.",
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
          "Only SQLite stores can be backed up here. For PostgreSQL, use pg_dump. A store in memory can't be backed up.",
        );
      // Next to the store, on a disk that is writable and has room for it.
      const folder = await mkdtemp(join(dirname(resolve(engine.config.store ?? "recobase.db")), "recobase-backup-"));
      const path = join(folder, "recobase.db");
      const remove = () => rm(folder, { recursive: true, force: true });
      try {
        await backup.call(engine.store, path);
        const file = await open(path);
        const { size } = await file.stat();
        // Deleted while open, so nothing stays behind even if the process is killed while sending. On Windows it is deleted at the end.
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
