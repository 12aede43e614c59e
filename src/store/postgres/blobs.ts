import type { Pool } from "pg";
import { RecoError } from "../../util/errors.ts";
import { blobChunks } from "../blob-chunks.ts";
import { findProject, inSnapshot } from "./changes.ts";
import { inTransaction } from "./connection.ts";

/** Writes a blob in one transaction, so that it is stored completely or not at all. */
export async function putBlob(
  pool: Pool,
  project: string,
  name: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  await inTransaction(pool, "BEGIN", async (client) => {
    const { id } = await findProject(client, project);
    const { rows } = await client.query("INSERT INTO recobase.blobs (project, name) VALUES ($1, $2) RETURNING id", [id, name]);
    const blob = rows[0].id;
    let place = 0;
    let bytes = 0;
    for await (const chunk of blobChunks(chunks)) {
      await client.query("INSERT INTO recobase.chunks VALUES ($1, $2, $3)", [blob, place++, chunk]);
      bytes += chunk.byteLength;
    }
    // From here on, processes that replace the same blob do so one after another.
    await client.query("SELECT 1 FROM recobase.projects WHERE id = $1 FOR NO KEY UPDATE", [id]);
    await client.query("DELETE FROM recobase.blobs WHERE project = $1 AND name = $2 AND bytes IS NOT NULL", [id, name]);
    await client.query("UPDATE recobase.blobs SET bytes = $1 WHERE id = $2", [bytes, blob]);
  });
}

/** @throws RecoError `not-found` */
export async function* getBlob(pool: Pool, project: string, name: string): AsyncGenerator<Uint8Array> {
  yield* inSnapshot(pool, async function* (client) {
    const { id } = await findProject(client, project);
    const { rows } = await client.query("SELECT id FROM recobase.blobs WHERE project = $1 AND name = $2 AND bytes IS NOT NULL", [id, name]);
    if (rows.length === 0) throw new RecoError("not-found", `The project "${project}" has no blob "${name}".`);
    for (let place = 0; ; place++) {
      const text = "SELECT bytes FROM recobase.chunks WHERE blob = $1 AND place = $2";
      const chunk = await client.query<{ bytes: Buffer }>(text, [rows[0].id, place]);
      if (chunk.rows.length === 0) return;
      yield new Uint8Array(chunk.rows[0].bytes);
    }
  });
}

export async function deleteBlob(pool: Pool, project: string, name: string): Promise<void> {
  const { id } = await findProject(pool, project);
  await pool.query("DELETE FROM recobase.blobs WHERE project = $1 AND name = $2 AND bytes IS NOT NULL", [id, name]);
}

export async function listBlobs(pool: Pool, project: string): Promise<{ name: string; bytes: number }[]> {
  const { id } = await findProject(pool, project);
  const { rows } = await pool.query("SELECT name, bytes FROM recobase.blobs WHERE project = $1 AND bytes IS NOT NULL ORDER BY name", [id]);
  return rows.map(({ name, bytes }) => ({ name: String(name), bytes: Number(bytes) }));
}
