import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createShop, type Shop, type ShopOptions } from "../../simulate/index.ts";
import { version } from "../../util/version.ts";
import { type Ink, inkFor, type Stream, statusLine } from "../screen.ts";
import { LiveVisitors } from "./live-visitors.ts";
import { freePort, type OpenServer, openServer } from "./open-server.ts";
import { ShopClient } from "./shop-client.ts";
import { StatusView } from "./status-view.ts";

export interface ShopDemoOptions {
  readonly output: Stream;
  /** What is being done before the shop is open. */
  readonly errors: Stream;
  /** Where the store lies. What is there is removed. */
  readonly folder: string;
  /** The first port that is tried. */
  readonly port: number;
  /** Ends by itself after so many seconds of visits. */
  readonly seconds?: number | undefined;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** The size of the shop; by default that of a small one. */
  readonly shop?: ShopOptions;
}

const HOST = "127.0.0.1";
/** What the shop has lived through when it opens. */
const HISTORY_DAYS = 60;
const DAY = 86_400_000;
const VISITS_PER_SECOND = 20;
/** Seconds between two new items. */
const NEW_ITEM_EVERY = 10;

/**
 * Opens a server on a fresh store, fills it with the history of a simulated shop, lets visitors come and shows what becomes of it, until the
 * signal or the end of the time.
 */
export async function shopDemo(options: ShopDemoOptions): Promise<void> {
  const { output, errors, folder } = options;
  const ink = inkFor(output);
  const steps = statusLine(errors);
  const say = (text = "") => {
    steps.clear();
    output.write(`${text}\n`);
  };

  // A fresh store: the files of the last one lie beside it.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const store = join(folder, "recobase.db");
  const port = await freePort(options.port, HOST);
  const server = await openServer({ store, port, host: HOST });
  try {
    say(`${ink.bold(`RecoBase ${version}`)} ${ink.dim("·")} a shop that never was, served live`);
    if (port !== options.port) say(`Port ${options.port} is taken, so it is ${port}.`);
    const shop = createShop({ start: Math.floor(Date.now() / DAY - HISTORY_DAYS) * DAY, ...options.shop });
    const client = new ShopClient(server.address, server.key);
    await load(shop, client, steps.report);
    say(introduction(shop, server, store, ink));
    await live(shop, client, new StatusView(output, ink), options);
    say(`Closed. The store stays in ${store} until the next start.`);
  } finally {
    steps.clear();
    await server.close();
  }
}

/** Gives the server the catalogue and the past, over HTTP, and asks it to learn from them. */
async function load(shop: Shop, client: ShopClient, report: ReturnType<typeof statusLine>["report"]): Promise<void> {
  report({ task: "simulating the past", done: 0, total: 0 });
  const log = shop.history(HISTORY_DAYS);
  const { arrived, ended } = shop.news();
  const gone = new Set(ended);
  await client.putItems(arrived.filter((product) => !gone.has(product)));
  const rows = [...shop.rows(log)];
  for (let at = 0; at < rows.length; at += 5000) {
    report({ task: "telling the server of it, events", done: at, total: rows.length });
    await client.send(rows.slice(at, at + 5000));
  }
  // What the first events have set off knows little yet.
  report({ task: "learning from the first of it", done: 0, total: 0 });
  while ((await client.jobs()).some(({ state }) => state === "waiting" || state === "running")) await wait(100);
  await client.train();
}

function introduction(shop: Shop, { address, key }: OpenServer, store: string, ink: Ink): string {
  const item = shop.popular(1)[0] ?? shop.items[0].id;
  return [
    `${shop.items.length.toLocaleString("en")} items, and ${HISTORY_DAYS} days of what ${shop.visitors.length.toLocaleString("en")} visitors did; the store is ${store}.`,
    "",
    `  address  ${ink.accent(address)}   ${ink.dim(`documentation: ${address}/docs`)}`,
    `  key      ${ink.accent(key)}`,
    "",
    `${ink.bold("Try it")}  ${ink.dim("A list for a visitor; a click of somebody new, you; and your list, which reflects it.")}`,
    ...tryThese(address, key, "visitor-7", item).map((command) => `  ${command}`),
    "",
    `${ink.bold("Visitors arrive")}  ${ink.dim("Every other visit is shown what is popular, the rest what the service recommends.")}`,
  ].join("\n");
}

/** Lets visitors come and new items arrive, and shows it, until the end. */
async function live(shop: Shop, client: ShopClient, view: StatusView, { seconds, signal }: ShopDemoOptions): Promise<void> {
  const visitors = new LiveVisitors(shop, client);
  const started = performance.now();
  const lasted = () => (performance.now() - started) / 1000;
  let nextItem = NEW_ITEM_EVERY;
  let learned = false;
  visitors.start(VISITS_PER_SECOND);
  try {
    while (!signal.aborted && !(lasted() >= (seconds ?? Number.POSITIVE_INFINITY))) {
      await wait(500, undefined, { signal }).catch(() => {});
      if (lasted() >= nextItem) {
        nextItem += NEW_ITEM_EVERY;
        const made = shop.publish(1);
        await client.putItems(made);
        visitors.watch(made);
      }
      const [models, jobs] = await Promise.all([client.models(), client.jobs()]);
      // What was shown before there was a model says nothing about it.
      if (!learned && models.some(({ state }) => state === "in-service")) {
        learned = true;
        visitors.countAnew();
      }
      view.show({ seconds: lasted(), visitors, models, jobs });
    }
  } finally {
    await visitors.stop();
  }
  view.end({ seconds: lasted(), visitors, models: await client.models(), jobs: await client.jobs() });
}

/** Three commands that tell the story: a list for somebody known, a click of somebody new, and the list that reflects it. */
function tryThese(address: string, key: string, visitor: string, item: string): string[] {
  const header = `-H "authorization: Bearer ${key}"`;
  const event = JSON.stringify({ user: "you", item, type: "view" });
  return [
    `curl -s ${header} "${address}/v1/recommendations/for-you?user=${visitor}&k=3"`,
    `curl -s ${header} -H "content-type: application/json" -d '${event}' ${address}/v1/events`,
    `curl -s ${header} "${address}/v1/recommendations/for-you?user=you&k=3"`,
  ];
}
