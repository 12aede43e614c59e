import { randomUUID } from "node:crypto";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import type { PoolClient } from "pg";
import { RecoError } from "../../util/errors.ts";
import { checkWrites } from "../check-writes.ts";
import type { Change, Write } from "../storage.ts";
import { takeBytes } from "../take-bytes.ts";
import { missedChanges, unknownProject } from "./changes.ts";
import type { Connections } from "./connection.ts";
import { Rows } from "./rows.ts";
import { checkRemembered } from "./schema.ts";

/** Maximum number of commits of one project per transaction. */
const GROUP = 1000;
/** Milliseconds to keep asking for the outcome of a transaction whose connection broke during the commit. */
const OUTCOME_PATIENCE = 10_000;

/**
 * The lock of a project: other committers wait for it, readers don't. A process that goes silent while it has the lock (stopped, or its machine
 * is gone) loses it after half a minute.
 */
const LOCK =
  "SELECT id, last, forgotten, pg_current_xact_id()::text AS transaction FROM recobase.projects WHERE name = $1 FOR NO KEY UPDATE";
const BEGIN = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = '30s'";

interface Waiting {
  readonly after: number;
  readonly prepare: (missed: readonly Change[]) => readonly Write[];
  resolve(sequence: number): void;
  reject(error: unknown): void;
}

/** Runs commits in order of arrival, project by project. Commits that arrive during a transaction are combined in the next one. */
export class Committer {
  private readonly connections: Connections;
  private writer: string;
  private readonly opening: string;
  private readonly queues = new Map<string, Waiting[]>();
  /** Projects in progress, with a promise that resolves when their queues are empty. */
  private readonly running = new Map<string, Promise<void>>();
  /** The latest consecutive commits of each project that are all ours, so there are no foreign ones to look for among them. */
  private readonly ours = new Map<string, { from: number; to: number }>();

  /** @param opening identifies this opening of the storage among all writers; stored in rows and sent in notifications */
  constructor(connections: Connections, opening: string) {
    this.connections = connections;
    this.opening = opening;
    this.writer = opening;
  }

  commit(project: string, after: number, prepare: Waiting["prepare"]): Promise<number> {
    return new Promise((resolve, reject) => {
      const queue = this.queues.get(project) ?? [];
      this.queues.set(project, queue);
      queue.push({ after, prepare, resolve, reject });
      if (!this.running.has(project)) this.running.set(project, this.work(project, queue));
    });
  }

  /** Resolves when the queue is empty. */
  async idle(): Promise<void> {
    await Promise.all(this.running.values());
  }

  private async work(project: string, queue: Waiting[]): Promise<void> {
    // Requests from the same turn are included.
    await Promise.resolve();
    while (queue.length > 0) await this.transact(project, queue.splice(0, GROUP));
    this.running.delete(project);
    this.queues.delete(project);
  }

  private async transact(project: string, group: readonly Waiting[]): Promise<void> {
    let client: PoolClient | undefined;
    const onError = () => {};
    try {
      client = await this.connections.writers.connect();
      client.on("error", onError);
      await client.query(BEGIN);
      const { rows } = await client.query(LOCK, [project]);
      if (rows.length === 0) throw unknownProject(project);
      const [{ id, last, forgotten, transaction }] = rows;
      const written = await this.write(client, project, { id: Number(id), last: Number(last), forgotten: Number(forgotten) }, group);
      await this.end(client, transaction, written.last > Number(last));
      this.remember(project, Number(last), written.last);
      for (const [waiting, sequence] of written.sequences) waiting.resolve(sequence);
      client.off("error", onError);
      client.release();
    } catch (error) {
      const broken = await client?.query("ROLLBACK").then(
        () => false,
        () => true,
      );
      client?.off("error", onError);
      client?.release(broken);
      for (const { reject } of group) reject(this.connections.failure(error));
    }
  }

  /** Prepares commits and writes their data. A commit that can't be prepared is rejected without affecting the others. */
  private async write(
    client: PoolClient,
    project: string,
    { id, last, forgotten }: { readonly id: number; readonly last: number; readonly forgotten: number },
    group: readonly Waiting[],
  ): Promise<{ last: number; sequences: Map<Waiting, number> }> {
    const missed = await this.missed(client, project, id, last, Math.min(...group.map(({ after }) => after)));
    const rows = new Rows(client, id, this.writer);
    const sequences = new Map<Waiting, number>();
    let sequence = last;
    for (const waiting of group) {
      let writes: readonly Write[];
      try {
        checkRemembered(project, waiting.after, forgotten);
        writes = waiting.prepare(missed.filter((change) => change.sequence > waiting.after));
        checkWrites(writes);
      } catch (error) {
        waiting.reject(error);
        continue;
      }
      const conflict = await rows.conflict(writes);
      if (conflict !== undefined) {
        waiting.reject(conflict);
        // The next preparation sees this result first.
        await setImmediate();
        continue;
      }
      if (writes.length > 0) await rows.add(++sequence, writes.map(taken));
      sequences.set(waiting, sequence);
    }
    await rows.flush();
    if (sequence > last) {
      await client.query("UPDATE recobase.projects SET last = $1 WHERE id = $2", [sequence, id]);
      await client.query("SELECT pg_notify('recobase', $1)", [JSON.stringify([this.opening, project])]);
    }
    return { last: sequence, sequences };
  }

  private async missed(client: PoolClient, project: string, id: number, last: number, after: number): Promise<Change[]> {
    const ours = this.ours.get(project);
    if (after >= last || (ours !== undefined && ours.to === last && after >= ours.from)) return [];
    return missedChanges(client, id, after, this.writer);
  }

  private remember(project: string, before: number, last: number): void {
    const ours = this.ours.get(project);
    if (ours !== undefined && ours.to === before) ours.to = last;
    else this.ours.set(project, { from: before, to: last });
  }

  /**
   * Commits. If the connection breaks meanwhile, it is unknown whether the commit took place, so the server is asked.
   *
   * @param transaction its number on the server
   */
  private async end(client: PoolClient, transaction: string, wrote: boolean): Promise<void> {
    try {
      await client.query("COMMIT");
    } catch (error) {
      if (!wrote) throw error;
      const outcome = await this.outcome(transaction);
      if (outcome === "committed") return;
      if (outcome === "aborted") throw error;
      // If it was written after all, later commits learn about it as if another process had written it.
      this.writer = randomUUID();
      this.ours.clear();
      const message = `The connection to PostgreSQL at ${this.connections.where} broke during a commit, so it is unknown whether the data was stored. Read it back, then write again what is missing.`;
      throw new RecoError("storage-failed", message, { cause: error });
    }
  }

  private async outcome(transaction: string): Promise<string | undefined> {
    const until = Date.now() + OUTCOME_PATIENCE;
    while (Date.now() < until) {
      try {
        const { rows } = await this.connections.writers.query("SELECT pg_xact_status($1::xid8) AS status", [transaction]);
        if (rows[0].status !== "in progress") return rows[0].status;
      } catch {
        // Not reachable yet.
      }
      await sleep(200);
    }
    return undefined;
  }
}

function taken(write: Write): Write {
  return write.type === "document" || write.bytes === undefined ? write : { ...write, bytes: takeBytes(write.bytes) };
}
