import type { Appetite } from "./appetite.ts";
import { aisles } from "./departments.ts";
import type { Product } from "./products.ts";
import { type EventType, eventTypes, type ListPage, session } from "./session.ts";
import type { Arrival, World } from "./world.ts";

/** One event of the simulated shop, in the format that the server accepts. */
export interface ShopEvent {
  readonly user: string;
  readonly item: string;
  readonly type: EventType;
  /** The price, for purchases. */
  readonly value?: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly session: string;
  /** The id of the list that led to it. */
  readonly recommendation?: string;
}

/** What a page sends to a recommender: only what a real shop would know. */
export interface ListRequest {
  /** Undefined for visitors without an account; then `history` is all that is known. */
  readonly visitor: string | undefined;
  readonly session: string;
  /** Events of this session so far, oldest first. */
  readonly history: readonly ShopEvent[];
  /** The page of the session, from 0. */
  readonly page: number;
  /** The last item opened in this session. */
  readonly item: string | undefined;
  /** Length of the list. */
  readonly k: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** A list to show. */
export interface ShownList {
  /** The recommendation id; events that come of the list carry it. */
  readonly id?: string | undefined;
  /** Item ids, best first. Unknown items are ignored. */
  readonly items: readonly string[];
}

export type Recommend = (request: ListRequest) => ShownList | Promise<ShownList>;

/** One page of a visit, and its outcome. */
export interface ShownPage {
  readonly request: ListRequest;
  readonly shown: ShownList;
  /** The places (from 0) that were clicked. */
  readonly clicks: readonly number[];
  /** The true probability, for each place, that this visitor would have clicked there, for the list shown or any other. */
  clickProbabilities(items: readonly string[]): Float64Array;
}

/** What happened on one visit. */
export interface Visit {
  readonly visitor: string;
  readonly guest: boolean;
  readonly session: string;
  /** The aisle they came for; undefined if they are just browsing. Hidden from recommenders. */
  readonly mission: string | undefined;
  readonly pages: readonly ShownPage[];
  readonly events: readonly ShopEvent[];
}

/** Options of a visit. */
export interface VisitOptions {
  /** Time of the visit, milliseconds since 1970, not before the shop's clock. By default, when the shop's traffic brings the next visitor. */
  readonly time?: number;
  /** Length of each list, 10 by default. */
  readonly k?: number;
  /** How many times faster than usual people act, 1 by default; the events of a visit are closer together accordingly. */
  readonly pace?: number;
  /** Called with the events of each page before the next page requests a list, and with those of the last page at the end. */
  readonly send?: (events: readonly ShopEvent[]) => void | Promise<void>;
}

/** Runs a visit, page by page. */
export async function happen(
  world: World,
  { number, shopper, appetite, seed }: Arrival,
  recommend: Recommend,
  indexOf: (id: string) => number,
  { k = 10, pace = 1, send }: VisitOptions,
): Promise<Visit> {
  const name = `session-${number + 1}`;
  const events: ShopEvent[] = [];
  const pages: ShownPage[] = [];
  let sent = 0;
  let shown: ShownList = { items: [] };
  let clicks: number[] = [];

  const record = (type: number, product: Product, time: number, place: number) => {
    if (place >= 0 && type === 0) clicks.push(place);
    events.push({
      user: shopper.id,
      item: product.id,
      type: eventTypes[type],
      ...(type === 2 ? { value: product.properties.price } : {}),
      time,
      session: name,
      ...(place >= 0 && shown.id !== undefined ? { recommendation: shown.id } : {}),
    });
  };
  const deliver = async () => {
    const fresh = events.slice(sent);
    sent = events.length;
    if (fresh.length > 0) await send?.(fresh);
  };

  const course = session(appetite, { assortment: world.assortment, shelves: world.shelves, pace, record }, seed);
  for (let page = course.next([]); !page.done; ) {
    await deliver();
    const { time, number: place, last, opened } = page.value;
    const request = {
      visitor: shopper.guest ? undefined : shopper.id,
      session: name,
      history: events.slice(),
      page: place,
      item: last < 0 ? undefined : world.assortment.products[last].id,
      k,
      time,
    };
    shown = await recommend(request);
    clicks = [];
    pages.push({ request, shown, clicks, clickProbabilities: judge(appetite, opened, indexOf) });
    page = course.next(shown.items.map(indexOf));
  }
  await deliver();
  const mission = appetite.mission === undefined ? undefined : aisles[appetite.mission.aisle].name;
  return { visitor: shopper.id, guest: shopper.guest, session: name, mission, pages, events };
}

/** Computes click probabilities of lists for a page in its current state, whatever happens later. */
function judge(appetite: Appetite, opened: ListPage["opened"], indexOf: (id: string) => number): ShownPage["clickProbabilities"] {
  const before = new Set(opened);
  return (items) =>
    Float64Array.from(items, (id, place) => {
      const index = indexOf(id);
      return index < 0 || before.has(index) ? 0 : appetite.click(index, place);
    });
}
