import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerConfig } from "../config/config.ts";
import type { Engine } from "../engine.ts";
import { openEngine } from "../open-engine.ts";

/** Engines and folders of one test, all of which end with it. */
export class Engines {
  readonly logged: string[] = [];
  private readonly open = new Set<Engine>();
  private readonly folders: string[] = [];

  /** Over memory, if the configuration names no store. */
  async start(config: ServerConfig = {}): Promise<Engine> {
    const engine = await openEngine({ store: "memory", ...config }, { log: (message) => this.logged.push(message) });
    this.open.add(engine);
    return engine;
  }

  async stop(engine: Engine): Promise<void> {
    this.open.delete(engine);
    await engine.close();
  }

  /** The path of a database that is not there yet. */
  async database(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "recobase-engine-"));
    this.folders.push(folder);
    return join(folder, "recobase.db");
  }

  async end(): Promise<void> {
    for (const engine of this.open) await this.stop(engine);
    for (const folder of this.folders.splice(0)) await rm(folder, { recursive: true, force: true });
    this.logged.length = 0;
  }
}

const hour = 3_600_000;

/** A view of an item, an hour ago or `minutes` later. */
export function view(user: string, item: string, minutes = 0): { user: string; item: string; type: string; time: number } {
  return { user, item, type: "view", time: Date.now() - hour + minutes * 60_000 };
}

/** Two groups of people with tastes of their own: those of `a` view a0 … a9, those of `b` view b0 … b9; each person six of them. */
export function twoTastes(people = 20): ReturnType<typeof view>[] {
  const events: ReturnType<typeof view>[] = [];
  for (const taste of ["a", "b"])
    for (let person = 0; person < people; person++)
      for (let i = 0; i < 6; i++) events.push(view(`${taste}-person-${person}`, `${taste}${(person + i * (1 + (person % 3))) % 10}`, i));
  return events;
}
