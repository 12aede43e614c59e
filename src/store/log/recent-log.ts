import { allocateUserEvents, type EventColumns, gatherEvents, type UserEvents } from "../../data/event-columns.ts";
import { type NarrowTimes, narrowNumbers, narrowTimes, widenNumbers, widenTimes } from "./narrow.ts";

const PAGE_BITS = 16;
const PAGE = 1 << PAGE_BITS;
const NONE = 0xffffffff;

/** Rows in log order. Full pages store times and values compactly. */
interface Page {
  length: number;
  user: Uint32Array;
  item: Uint32Array;
  type: Uint8Array;
  /** Undefined in a full page if all are 1. */
  value: Float32Array | Float64Array | undefined;
  time: NarrowTimes;
  /** Place of the user's previous event, or NONE. */
  previous: Uint32Array;
}

/**
 * The newest events of every user, in memory. Rows are in log order, each with the place of its user's previous event, so reading a user's
 * newest events walks back from the last one. Rows beyond a user's newest `limit` are dropped once they make up more than half.
 */
export class RecentLog {
  readonly limit: number;
  #pages: Page[] = [];
  #held = 0;
  /** Number of rows within `limit` steps of each user's last event. */
  #reachable = 0;
  /** Place of the last event of each user, or NONE. */
  #head = new Uint32Array(0);
  /** Number of reachable rows, by user. */
  #count = new Uint16Array(0);

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Number of rows in memory. */
  get held(): number {
    return this.#held;
  }

  /** Adds the rows of `columns` from `start` on. User indices are below `users`. */
  append(columns: EventColumns, start: number, users: number): void {
    this.#reserve(users);
    let from = start;
    while (from < columns.length) {
      const page = this.#openPage();
      const to = Math.min(columns.length, from + page.user.length - page.length);
      this.#fill(page, columns, from, to);
      if (page.length === PAGE) seal(page);
      from = to;
    }
    if (this.#held > 2 * this.#reachable + PAGE) this.trim();
  }

  /** The newest events of a user, newest first. */
  read(user: number, limit: number): UserEvents {
    const length = user < this.#count.length ? Math.min(this.#count[user], limit) : 0;
    const events = allocateUserEvents(length);
    const { item, type, value, time } = events;
    let place = length > 0 ? this.#head[user] : NONE;
    for (let i = 0; i < length; i++) {
      const page = this.#pages[place >>> PAGE_BITS];
      const row = place & (PAGE - 1);
      item[i] = page.item[row];
      type[i] = page.type[row];
      value[i] = page.value === undefined ? 1 : page.value[row];
      time[i] = timeAt(page.time, row);
      place = page.previous[row];
    }
    return events;
  }

  /** Drops all events of a user, who may get others later. */
  forget(user: number): void {
    if (user >= this.#count.length) return;
    for (let place = this.#head[user]; place !== NONE; ) {
      const page = this.#pages[place >>> PAGE_BITS];
      const row = place & (PAGE - 1);
      page.user[row] = NONE;
      place = page.previous[row];
    }
    this.#reachable -= this.#count[user];
    this.#count[user] = 0;
    this.#head[user] = NONE;
  }

  /** Drops unreachable rows and rows before a time. */
  trim(before = Number.NEGATIVE_INFINITY): void {
    const pages = this.#pages;
    const head = this.#head;
    const users = head.length;
    const keeps = (page: Page, row: number) => page.user[row] !== NONE && head[page.user[row]] !== NONE && timeAt(page.time, row) >= before;
    const left = new Uint32Array(users);
    for (const page of pages) for (let row = 0; row < page.length; row++) if (keeps(page, row)) left[page.user[row]]++;
    this.#pages = [];
    this.#held = 0;
    this.#reachable = 0;
    this.#count = new Uint16Array(users);
    this.#head = new Uint32Array(users).fill(NONE);
    const rows = new Uint32Array(PAGE);
    // Remove pages one by one, so old and new pages are never all in memory at once.
    for (let page = pages.shift(); page !== undefined; page = pages.shift()) {
      let length = 0;
      for (let row = 0; row < page.length; row++) if (keeps(page, row) && left[page.user[row]]-- <= this.limit) rows[length++] = row;
      this.append(gatherEvents(widened(page), rows.subarray(0, length)), 0, users);
    }
  }

  /** The last page, with room for at least one row. */
  #openPage(): Page {
    const last = this.#pages[this.#pages.length - 1];
    if (last === undefined || last.length === PAGE) {
      // Small projects only need a small first page.
      const page = createPage(last === undefined ? 1024 : PAGE);
      this.#pages.push(page);
      return page;
    }
    if (last.length < last.user.length) return last;
    const page = createPage(last.length * 2);
    page.length = last.length;
    page.user.set(last.user);
    page.item.set(last.item);
    page.type.set(last.type);
    page.value?.set(last.value as Float64Array);
    (page.time.column as Float64Array).set(last.time.column);
    page.previous.set(last.previous);
    this.#pages[this.#pages.length - 1] = page;
    return page;
  }

  #fill(page: Page, columns: EventColumns, from: number, to: number): void {
    const start = page.length;
    page.user.set(columns.user.subarray(from, to), start);
    page.item.set(columns.item.subarray(from, to), start);
    page.type.set(columns.type.subarray(from, to), start);
    page.value?.set(columns.value.subarray(from, to), start);
    (page.time.column as Float64Array).set(columns.time.subarray(from, to), start);
    const [head, count, { previous, user }] = [this.#head, this.#count, page];
    const first = (this.#pages.length - 1) * PAGE;
    const end = start + to - from;
    for (let row = start; row < end; row++) {
      const who = user[row];
      previous[row] = head[who];
      head[who] = first + row;
      if (count[who] < this.limit) {
        count[who]++;
        this.#reachable++;
      }
    }
    page.length = end;
    this.#held += to - from;
  }

  #reserve(users: number): void {
    if (users <= this.#head.length) return;
    const room = Math.max(users, this.#head.length * 2, 1024);
    const head = new Uint32Array(room).fill(NONE);
    head.set(this.#head);
    const count = new Uint16Array(room);
    count.set(this.#count);
    this.#head = head;
    this.#count = count;
  }
}

function createPage(size: number): Page {
  return {
    length: 0,
    user: new Uint32Array(size),
    item: new Uint32Array(size),
    type: new Uint8Array(size),
    value: new Float64Array(size),
    time: { column: new Float64Array(size) },
    previous: new Uint32Array(size),
  };
}

function seal(page: Page): void {
  page.time = narrowTimes(page.time.column as Float64Array);
  if (page.value?.every((value) => value === 1)) page.value = undefined;
  else page.value &&= narrowNumbers(page.value as Float64Array);
}

function timeAt({ column, base, unit }: NarrowTimes, row: number): number {
  return base === undefined || unit === undefined ? column[row] : base + column[row] * unit;
}

/** The rows of a page as columns. */
function widened({ length, user, item, type, value, time }: Page): EventColumns {
  return {
    length,
    user,
    item,
    type,
    value: value === undefined ? new Float64Array(length).fill(1) : widenNumbers(value),
    time: widenTimes(time),
  };
}
