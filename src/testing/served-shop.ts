import type { Engine, ProjectEngine } from "../engine/engine.ts";
import { createShop, type ListRequest, type Shop, type ShopOptions, type ShownList, type Visit } from "../simulate/index.ts";

const HISTORY_DAYS = 30;

/** What became of some visits. */
export interface Served {
  readonly visits: readonly Visit[];
  /** Clicks a list, and those that were to be expected by their true probabilities. */
  readonly clicks: number;
  readonly expected: number;
}

/** A simulated shop and a project of an engine that serves it, which knows the shop's past. */
export class ServedShop {
  readonly shop: Shop;
  readonly project: ProjectEngine;
  private readonly setClock: (time: number) => void;
  /** Lists asked for: the seed of exploration in each. */
  private asked = 0;

  private constructor(shop: Shop, project: ProjectEngine, setClock: (time: number) => void) {
    this.shop = shop;
    this.project = project;
    this.setClock = setClock;
  }

  /** @param setClock sets the clock of this process, `Date.now()`, to the time in the shop, which may lie before that of another shop */
  static async open(engine: Engine, name: string, options: ShopOptions, setClock: (time: number) => void): Promise<ServedShop> {
    const shop = createShop(options);
    const rows = [...shop.rows(shop.history(HISTORY_DAYS))];
    setClock(shop.now);
    const served = new ServedShop(shop, await engine.createProject(name), setClock);
    await served.tellNews();
    for (let at = 0; at < rows.length; at += 1000) await served.project.ingest(rows.slice(at, at + 1000));
    return served;
  }

  /** Fits on everything so far, and waits for the outcome. */
  async train(): Promise<void> {
    const { project } = this;
    const busy = () => project.jobs().some(({ state }) => state === "waiting" || state === "running");
    const idle = async () => {
      while (busy()) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    // A fit that the first events have set off does not know the others.
    await idle();
    const { id } = await project.train();
    await idle();
    const job = project.jobs().find((one) => one.id === id);
    if (job?.state !== "done") throw new Error(`The fit ended as ${job?.state}: ${job?.error}`);
  }

  /** Lets visitors come, shows them lists of one recommender, and tells the project what they did. */
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

  /** Lets visitors come who are shown nothing, and of whom the project is told nothing. */
  async pass(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await this.shop.visit(() => ({ items: [] }));
    await this.tellNews();
  }

  /** What a recommender shows on a page. Of somebody without an account there is the session alone. */
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

  /** Tells the project of items that came and went. */
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
