import type { Engine, ProjectEngine } from "../engine/engine.ts";
import { createShop, type ListRequest, type Shop, type ShopOptions, type ShownList, type Visit } from "../simulate/index.ts";

const HISTORY_DAYS = 30;

/** The outcome of some visits. */
export interface Served {
  readonly visits: readonly Visit[];
  /** Clicks per list: actual, and expected from the true probabilities. */
  readonly clicks: number;
  readonly expected: number;
}

/** A simulated shop, and an engine's project that serves it and has its past events. */
export class ServedShop {
  readonly shop: Shop;
  readonly project: ProjectEngine;
  private readonly setClock: (time: number) => void;
  /** Lists requested so far, used as the seed of exploration. */
  private asked = 0;

  private constructor(shop: Shop, project: ProjectEngine, setClock: (time: number) => void) {
    this.shop = shop;
    this.project = project;
    this.setClock = setClock;
  }

  /** @param setClock sets `Date.now()` to the time in this shop, which may be earlier than in another shop */
  static async open(engine: Engine, name: string, options: ShopOptions, setClock: (time: number) => void): Promise<ServedShop> {
    const shop = createShop(options);
    const rows = [...shop.rows(shop.history(HISTORY_DAYS))];
    setClock(shop.now);
    const served = new ServedShop(shop, await engine.createProject(name), setClock);
    await served.tellNews();
    for (let at = 0; at < rows.length; at += 1000) await served.project.ingest(rows.slice(at, at + 1000));
    return served;
  }

  /** Trains on everything so far and waits for the result. */
  async train(): Promise<void> {
    const { project } = this;
    const busy = () => project.jobs().some(({ state }) => state === "waiting" || state === "running");
    const idle = async () => {
      while (busy()) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    // A fit triggered by the first events hasn't seen the others.
    await idle();
    const { id } = await project.train();
    await idle();
    const job = project.jobs().find((one) => one.id === id);
    if (job?.state !== "done") throw new Error(`The fit ended with state ${job?.state}: ${job?.error}`);
  }

  /** Simulates visits served by one recommender, and sends the resulting events to the project. */
  async serve(recommender: string, count: number): Promise<Served> {
    const visits: Visit[] = [];
    for (let i = 0; i < count; i++) {
      visits.push(
        await this.shop.visit((request) => this.list(recommender, request), {
          send: async (events) => {
            this.setClock(Math.max(...events.map(({ time }) => time)));
            await this.project.ingest(events);
          },
        }),
      );
      await this.tellNews();
    }
    const pages = visits.flatMap((visit) => visit.pages);
    const mean = (of: (page: Visit["pages"][number]) => number) => pages.reduce((sum, page) => sum + of(page), 0) / pages.length;
    return {
      visits,
      clicks: mean((page) => page.clicks.length),
      expected: mean((page) => total(page.clickProbabilities(page.shown.items))),
    };
  }

  /** Simulates visits without recommendations, and sends no events to the project. */
  async pass(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await this.shop.visit(() => ({ items: [] }));
    await this.tellNews();
  }

  /** What a recommender shows on a page. Anonymous visitors have only the history of their session. */
  async list(recommender: string, { visitor, history, k, time }: ListRequest): Promise<ShownList> {
    this.setClock(time);
    const { id, items } = await this.project.recommend(recommender, {
      seed: this.asked++,
      user: visitor,
      history: visitor === undefined ? history : undefined,
      k,
    });
    return { id, items: items.map(({ item }) => item) };
  }

  /** Tells the project about items that were added or ended. */
  async tellNews(): Promise<void> {
    const { arrived, ended } = this.shop.news();
    const items = arrived.map(({ id, properties }) => ({ id, properties }));
    if (items.length > 0) await this.project.store.putItems(items);
    if (ended.length > 0) await this.project.store.putItems(ended.map(({ id, properties }) => ({ id, properties, hidden: true })));
  }
}

export function total(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
