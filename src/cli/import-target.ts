import type { EntityInput } from "../data/entities.ts";
import type { EventInput } from "../data/events.ts";
import type { ProjectEngine } from "../engine/engine.ts";
import { RecoError } from "../util/errors.ts";

/** The outcome of a batch of rows. */
export interface Written {
  readonly written: number;
  readonly duplicates: number;
  /** Why rows were rejected, one message each. */
  readonly rejected: readonly string[];
}

/** Where an import goes: into a store that no server has open, or to a running server. */
export interface ImportTarget {
  events(rows: readonly EventInput[]): Promise<Written>;
  items(rows: readonly EntityInput[]): Promise<void>;
  users(rows: readonly EntityInput[]): Promise<void>;
}

/** Writes to a project opened in this process. */
export function projectTarget(project: ProjectEngine): ImportTarget {
  return {
    async events(rows) {
      const { accepted, duplicates, rejected } = await project.ingest(rows);
      return { written: accepted, duplicates, rejected: rejected.map(({ message }) => message) };
    },
    items: (rows) => project.putItems(rows),
    users: (rows) => project.putUsers(rows),
  };
}

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
    if (!response.ok)
      throw new RecoError("bad-input", `The server rejected the request: ${answer.detail ?? answer.title ?? response.status}`);
    return answer;
  }
  return {
    async events(events) {
      const { accepted, duplicates, rejected } = await post("/v1/events", events);
      const messages = (rejected as { message: string }[]).map(({ message }) => message);
      return { written: Number(accepted), duplicates: Number(duplicates), rejected: messages };
    },
    items: async (items) => void (await post("/v1/items", items)),
    users: async (users) => void (await post("/v1/users", users)),
  };
}
