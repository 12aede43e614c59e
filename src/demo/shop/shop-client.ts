import type { ModelRecord } from "../../engine/engine.ts";
import type { Job } from "../../engine/jobs/job.ts";
import type { Answer } from "../../pipeline/answer.ts";
import type { ListRequest, Product, ShopEvent, ShownList } from "../../simulate/index.ts";

/** Maximum number of events or items per request. */
const BATCH = 1000;

/** The requests of the shop to the server, over HTTP like those of any other shop. */
export class ShopClient {
  private readonly address: string;
  private readonly key: string;

  /** @param address such as `http://127.0.0.1:7700` */
  constructor(address: string, key: string) {
    this.address = address;
    this.key = key;
  }

  /** A list for a visitor. For an anonymous visitor, it is based on the events of the session. */
  async recommend(recommender: string, { visitor, history, k }: ListRequest): Promise<ShownList> {
    const past = history.map(({ item, type, time }) => ({ item, type, time }));
    const body = visitor === undefined ? { history: past, k } : { user: visitor, k };
    const { id, items } = (await this.ask("POST", `/v1/recommendations/${recommender}`, body)) as Answer;
    return { id, items: items.map(({ item }) => item) };
  }

  async send(events: readonly ShopEvent[]): Promise<void> {
    for (let at = 0; at < events.length; at += BATCH) await this.ask("POST", "/v1/events", events.slice(at, at + BATCH));
  }

  /** Writes items with their public properties. */
  async putItems(products: readonly Product[]): Promise<void> {
    for (let at = 0; at < products.length; at += BATCH)
      await this.ask(
        "POST",
        "/v1/items",
        products.slice(at, at + BATCH).map(({ id, properties }) => ({ id, properties })),
      );
  }

  async train(): Promise<void> {
    await this.ask("POST", "/v1/jobs", { kind: "train" });
  }

  /** Newest first. */
  async models(): Promise<readonly ModelRecord[]> {
    return ((await this.ask("GET", "/v1/models")) as { models: readonly ModelRecord[] }).models;
  }

  /** Newest first. */
  async jobs(): Promise<readonly Job[]> {
    return ((await this.ask("GET", "/v1/jobs")) as { jobs: readonly Job[] }).jobs;
  }

  private async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.address}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.key}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} failed with status ${response.status}: ${text}`);
    return JSON.parse(text);
  }
}
