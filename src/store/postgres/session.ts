import type { Client } from "pg";
import type { Connections } from "./connection.ts";

/** Milliseconds between attempts to reconnect: initial and maximum. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5000;

/**
 * The persistent connection: it receives notifications of others' commits, and holds the leaders' locks. If it breaks, it is replaced, listeners are
 * told to look at everything because they may have missed something, and leadership is lost.
 */
export class Session {
  private readonly connections: Connections;
  private readonly opening: string;
  private readonly listeners = new Set<(project: string) => void>();
  private readonly leading = new Set<string>();
  private client: Client | undefined;
  private pause = FIRST_PAUSE;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  /** @param opening the name in notifications of our own commits, which are ignored */
  constructor(connections: Connections, opening: string) {
    this.connections = connections;
    this.opening = opening;
  }

  listen(listener: (project: string) => void): void {
    this.listeners.add(listener);
  }

  /** Connects and starts to listen. */
  async open(): Promise<void> {
    const client = this.connections.client();
    client.on("error", () => this.lose(client));
    client.on("end", () => this.lose(client));
    client.on("notification", ({ payload }) => {
      const [opening, project] = JSON.parse(payload ?? "[]");
      if (opening !== this.opening) this.tell(project);
    });
    try {
      await client.connect();
      await client.query("LISTEN recobase");
      if (this.closed) throw new Error("the storage was closed meanwhile");
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
    this.client = client;
    this.pause = FIRST_PAUSE;
  }

  /** Returns a function that gives up leadership, or undefined while another leads. A process that ends, or loses this connection, gives it up. */
  async lead(project: string): Promise<(() => Promise<void>) | undefined> {
    if (this.client === undefined) throw new Error("reconnecting to the server");
    const { client } = this;
    if (this.leading.has(project)) return undefined;
    this.leading.add(project);
    try {
      const { rows } = await client.query("SELECT pg_try_advisory_lock(hashtextextended('recobase ' || $1, 0)) AS leads", [project]);
      if (!rows[0].leads) {
        this.leading.delete(project);
        return undefined;
      }
    } catch (error) {
      this.leading.delete(project);
      throw error;
    }
    let released = false;
    return async () => {
      // A new connection doesn't have the old one's locks.
      if (released || this.client !== client) return;
      released = true;
      this.leading.delete(project);
      await client.query("SELECT pg_advisory_unlock(hashtextextended('recobase ' || $1, 0))", [project]).catch(() => {});
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.client?.end();
    this.client = undefined;
  }

  private tell(project: string): void {
    for (const listener of this.listeners) listener(project);
  }

  private lose(client: Client): void {
    if (this.client !== client) return;
    this.client = undefined;
    this.leading.clear();
    client.end().catch(() => {});
    if (!this.closed) this.openAgain();
  }

  private openAgain(): void {
    this.timer = setTimeout(async () => {
      try {
        await this.open();
        const { rows } = await this.connections.streams.query("SELECT name FROM recobase.projects");
        for (const { name } of rows) this.tell(name);
      } catch {
        if (this.client === undefined && !this.closed) this.openAgain();
      }
    }, this.pause);
    this.timer.unref();
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
  }
}
