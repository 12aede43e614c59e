import type { Client } from "pg";
import type { Connections } from "./connection.ts";

/** Milliseconds between attempts to connect again: at first, and at most. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5000;

/**
 * The connection that stays: it hears of commits by others, and holds the locks of leaders. When it breaks it is made again, and listeners
 * are told to look at everything, since nobody knows what they missed; whoever led has let go.
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

  /** @param opening the name in notifications of our own commits, which are no news */
  constructor(connections: Connections, opening: string) {
    this.connections = connections;
    this.opening = opening;
  }

  listen(listener: (project: string) => void): void {
    this.listeners.add(listener);
  }

  /** Connects and listens. */
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
      if (this.closed) throw new Error("closed meanwhile");
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
    this.client = client;
    this.pause = FIRST_PAUSE;
  }

  /** A function that lets go, or undefined while another leads. A process that ends, or loses this connection, lets go. */
  async lead(project: string): Promise<(() => Promise<void>) | undefined> {
    if (this.client === undefined) throw new Error("the connection is being made again");
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
      // A new connection holds no locks of an old one.
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
