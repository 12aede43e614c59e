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
  /** Progress before the shop opens. */
  readonly errors: Stream;
  /** Folder of the store. Its contents are deleted. */
  readonly folder: string;
  /** The first port to try. */
  readonly port: number;
  /** Stops after this many seconds of visits. */
  readonly seconds?: number | undefined;
  /** Stops the demo. */
  readonly signal: AbortSignal;
  /** The size of the shop; small by default. */
  readonly shop?: ShopOptions;
}

const HOST = "127.0.0.1";
/** Days of past events when the shop opens. */
const HISTORY_DAYS = 60;
const DAY = 86_400_000;
const VISITS_PER_SECOND = 20;
/** Seconds between two new items. */
const NEW_ITEM_EVERY = 10;

/**
 * Starts a server on a new store, loads the history of a simulated shop, and then shows live visits and their click rates until the signal
 * fires or the time is up.
 */
export async function shopDemo(options: ShopDemoOptions): Promise<void> {
  const { output, errors, folder } = options;
  const ink = inkFor(output);
  const steps = statusLine(errors);
  const say = (text = "") => {
    steps.clear();
    output.write(`${text}\n`);
  };

  // A new store: SQLite keeps further files next to the old one.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const store = join(folder, "recobase.db");
  const port = await freePort(options.port, HOST);
  const server = await openServer({ store, port, host: HOST });
  try {
    say(`${ink.bold(`RecoBase ${version}`)} ${ink.dim("·")} demo shop with simulated visitors`);
    if (port !== options.port) say(`Port ${options.port} is in use, so the server uses ${port}.`);
    const shop = createShop({ start: Math.floor(Date.now() / DAY - HISTORY_DAYS) * DAY, ...options.shop });
    const client = new ShopClient(server.address, server.key);
    await load(shop, client, steps.report);
    say(introduction(shop, server, store, ink));
    await live(shop, client, new StatusView(output, ink), options);
    say(`Stopped. The data stays in ${store} until you start the demo again.`);
  } finally {
    steps.clear();
    await server.close();
  }
}

/** Sends items and past events to the server, over HTTP, and starts training. */
async function load(shop: Shop, client: ShopClient, report: ReturnType<typeof statusLine>["report"]): Promise<void> {
  report({ task: `simulating ${HISTORY_DAYS} days of visits`, done: 0, total: 0 });
  const log = shop.history(HISTORY_DAYS);
  const { arrived, ended } = shop.news();
  const gone = new Set(ended);
  await client.putItems(arrived.filter((product) => !gone.has(product)));
  const rows = [...shop.rows(log)];
  for (let at = 0; at < rows.length; at += 5000) {
    report({ task: "sending events to the server", done: at, total: rows.length });
    await client.send(rows.slice(at, at + 5000));
  }
  // The training triggered by the first events has seen only part of them.
  report({ task: "training a first model", done: 0, total: 0 });
  while ((await client.jobs()).some(({ state }) => state === "waiting" || state === "running")) await wait(100);
  await client.train();
}

function introduction(shop: Shop, { address, key }: OpenServer, store: string, ink: Ink): string {
  const item = shop.popular(1)[0] ?? shop.items[0].id;
  return [
    `Loaded ${HISTORY_DAYS} days of events by ${shop.visitors.length.toLocaleString("en")} visitors on ${shop.items.length.toLocaleString("en")} items into ${store}.`,
    "",
    `  address  ${ink.accent(address)}   ${ink.dim(`API reference: ${address}/docs`)}`,
    `  API key  ${ink.accent(key)}`,
    "",
    `${ink.bold("Try it")}  ${ink.dim("In another terminal, while the demo runs.")}`,
    ...tryThese(address, key, "visitor-7", item).flatMap(([what, command]) => [`  ${ink.dim(`${what}:`)}`, `  ${command}`]),
    "",
    `${ink.bold("Live visitors")}  ${ink.dim("Half of the visits get recommendations, the other half popular items.")}`,
  ].join("\n");
}

/** Runs visits, adds new items and shows the status until the demo stops. */
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
      // Lists from before the first model say nothing about it.
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

/** Three commands with descriptions: a list for a known visitor, a new visitor's first event, and a list that reflects it. */
function tryThese(address: string, key: string, visitor: string, item: string): [what: string, command: string][] {
  const header = `-H "authorization: Bearer ${key}"`;
  const event = JSON.stringify({ user: "you", item, type: "view" });
  return [
    ["Recommendations for a known visitor", `curl -s ${header} "${address}/v1/recommendations/for-you?user=${visitor}&k=3"`],
    ['A new visitor, "you", views an item', `curl -s ${header} -H "content-type: application/json" -d '${event}' ${address}/v1/events`],
    ['Recommendations for "you", based on that view', `curl -s ${header} "${address}/v1/recommendations/for-you?user=you&k=3"`],
  ];
}
