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

/** Commits of one project in one transaction at most. */
const GROUP = 1000;
/** Milliseconds for which the outcome of a transaction is asked for, when the connection broke while it was committed. */
const OUTCOME_PATIENCE = 10_000;

/**
 * The lock of a project: others that commit wait for it, those that read do not. A process that falls silent inside it (its machine is
 * gone, or it is stopped) loses it after half a minute.
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

/** Commits in the order they come, project by project; those that wait for a transaction to end go together in the next. */
export class Committer {
  private readonly connections: Connections;
  private writer: string;
  private readonly opening: string;
  private readonly queues = new Map<string, Waiting[]>();
  /** Projects being worked on, with what resolves when their queues are empty. */
  private readonly running = new Map<string, Promise<void>>();
  /** The latest commits of each project that follow one another and are all ours: nobody else's need to be looked for among them. */
  private readonly ours = new Map<string, { from: number; to: number }>();

  /** @param opening names this opening of the storage among all that write; rows carry it, and so do notifications */
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

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    await Promise.all(this.running.values());
  }

  private async work(project: string, queue: Waiting[]): Promise<void> {
    // What is asked in this turn comes along.
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

  /** Prepares commits and writes what they say; those that cannot be prepared are rejected alone. */
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
        // Whoever prepares the next hears of it first.
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
   * Commits. A connection that breaks meanwhile does not say whether it was done, so the server is asked.
   *
   * @param transaction its number at the server
   */
  private async end(client: PoolClient, transaction: string, wrote: boolean): Promise<void> {
    try {
      await client.query("COMMIT");
    } catch (error) {
      if (!wrote) throw error;
      const outcome = await this.outcome(transaction);
      if (outcome === "committed") return;
      if (outcome === "aborted") throw error;
      // What was written after all is then told to later commits, as if another had written it.
      this.writer = randomUUID();
      this.ours.clear();
      const message = `The connection to PostgreSQL at ${this.connections.where} broke while a write was committed, and whether it was kept is not known. Read, then write again what is missing.`;
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
        // Not reached yet.
      }
      await sleep(200);
    }
    return undefined;
  }
}

function taken(write: Write): Write {
  return write.type === "document" || write.bytes === undefined ? write : { ...write, bytes: takeBytes(write.bytes) };
}
