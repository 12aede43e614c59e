import type { RowVerbs } from "../engine/transfer/row-writer.ts";
import { RecoError } from "../util/errors.ts";

/** Where an import goes: into a store that no server has open, or to a running server. */
export type ImportTarget = RowVerbs;

/** Sends to a server, with a secret key of the project, or with an admin key and the project's name. */
export function serverTarget(url: string, key: string | undefined, project: string | undefined): ImportTarget {
  const base = url.replace(/\/+$/, "");
  async function post(path: string, body: readonly object[]): Promise<Record<string, unknown>> {
    const headers = {
      "content-type": "application/json",
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(project !== undefined && { "recobase-project": project }),
    };
    const response = await fetch(`${base}${path}`, { method: "POST", headers, body: JSON.stringify(body) }).catch((cause) => {
      throw new RecoError(
        "not-found",
        `No server is running at ${base}. Start one with "recobase serve", or pass another address with --server.`,
        { cause },
      );
    });
    const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    if (response.ok) return answer;
    const reason = `The server refused the request: ${answer.detail ?? answer.title ?? response.status}`;
    // A bad row is found by sending less; anything else would be refused again.
    throw new RecoError([400, 413].includes(response.status) ? "bad-input" : "bad-data", reason);
  }
  return {
    async ingest(events) {
      const { accepted, duplicates, refused, ...more } = await post("/v1/events", events);
      return { accepted: Number(accepted), duplicates: Number(duplicates), refused: refused as [], ...warningsIn(more) };
    },
    putItems: async (items) => warningsIn(await post("/v1/items", items)),
    putUsers: async (users) => warningsIn(await post("/v1/users", users)),
  };
}

function warningsIn({ warnings }: Readonly<Record<string, unknown>>): { readonly warnings?: readonly string[] } {
  return Array.isArray(warnings) ? { warnings: warnings as string[] } : {};
}
