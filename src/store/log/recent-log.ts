import { allocateUserEvents, type EventColumns, gatherEvents, type ItemTypeTimes, type UserEvents } from "../../data/event-columns.ts";
import { ItemTimes } from "./item-times.ts";
import { type NarrowTimes, narrowNumbers, narrowTimes, widenNumbers, widenTimes } from "./narrow.ts";

const PAGE_BITS = 16;
const PAGE = 1 << PAGE_BITS;
const NONE = 0xffffffff;
/** How many newer rows a late one may pass when it arrives. If there are more, the user's rows are sorted when next read. */
const STEPS = 16;

/** Rows in log order. Full pages store times and values compactly. */
interface Page {
  length: number;
  /** NONE for rows that are dropped with the next trim. */
  user: Uint32Array;
  item: Uint32Array;
  type: Uint8Array;
  /** Undefined in a full page if all are 1. */
  value: Float32Array | Float64Array | undefined;
  time: NarrowTimes;
  /** Place of the user's next older event, or NONE. */
  previous: Uint32Array;
}

/**
 * The newest events of every user by time, in memory; of events with equal times, the one that arrived last is newer. Rows are in log
 * order, each with the place of its user's next older event, so reading walks back from the newest. Rows beyond a user's newest `limit` are
 * dropped once they make up more than half. Of these, the time of the newest by user, item and type stays.
 */
export class RecentLog {
  readonly limit: number;
  #pages: Page[] = [];
  #held = 0;
  /** Number of rows within `limit` steps of each user's newest event. */
  #reachable = 0;
  /** Place of the newest event of each user (of the last to arrive, while unsorted), or NONE. */
  #head = new Uint32Array(0);
  /** Time of the newest event of each user. */
  #newest = new Float64Array(0);
  /** 1 for users whose rows are to be sorted before they are read. */
  #unsorted = new Uint8Array(0);
  /** By user: when there were events that are older than the newest `limit`, as far as they aren't linked to them anymore. */
  readonly #older = new Map<number, ItemTimes>();
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
    if (length > 0 && this.#unsorted[user] === 1) this.#sort(user);
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

  /** When a user last had an event of each type with each item before the newest `limit` events; undefined if there were none. */
  older(user: number): ItemTypeTimes | undefined {
    if (!(this.#count[user] === this.limit)) return undefined;
    this.#unlink(user, Number.NEGATIVE_INFINITY);
    return this.#older.get(user)?.read();
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
    this.#unsorted[user] = 0;
    this.#older.delete(user);
  }

  /** Drops unreachable rows and rows before a time. */
  trim(before = Number.NEGATIVE_INFINITY): void {
    const pages = this.#pages;
    const users = this.#head.length;
    for (const [user, times] of this.#older) if (times.dropBefore(before) === 0) this.#older.delete(user);
    for (let user = 0; user < users; user++) if (this.#count[user] === this.limit) this.#unlink(user, before);
    const keeps = (page: Page, row: number) => page.user[row] !== NONE && timeAt(page.time, row) >= before;
    this.#pages = [];
    this.#held = 0;
    this.#reachable = 0;
    this.#count = new Uint16Array(users);
    this.#head = new Uint32Array(users).fill(NONE);
    this.#newest = new Float64Array(users);
    this.#unsorted = new Uint8Array(users);
    const rows = new Uint32Array(PAGE);
    // Remove pages one by one, so old and new pages are never all in memory at once.
    for (let page = pages.shift(); page !== undefined; page = pages.shift()) {
      let length = 0;
      for (let row = 0; row < page.length; row++) if (keeps(page, row)) rows[length++] = row;
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
    const [head, count, newest, { previous, user, time }] = [this.#head, this.#count, this.#newest, page];
    const first = (this.#pages.length - 1) * PAGE;
    const end = start + to - from;
    for (let row = start; row < end; row++) {
      const who = user[row];
      if (head[who] !== NONE && time.column[row] < newest[who]) this.#link(page, row, first + row, who);
      else {
        previous[row] = head[who];
        head[who] = first + row;
        newest[who] = time.column[row];
      }
      if (count[who] < this.limit) {
        count[who]++;
        this.#reachable++;
      }
    }
    page.length = end;
    this.#held += to - from;
  }

  /** Takes a user's rows beyond the newest `limit` out of the list, and keeps their times from `from` on. */
  #unlink(user: number, from: number): void {
    if (this.#unsorted[user] === 1) this.#sort(user);
    let last = this.#head[user];
    for (let left = this.limit - 1; left > 0; left--) last = this.#previous(last);
    const first = this.#previous(last);
    if (first === NONE) return;
    this.#pages[last >>> PAGE_BITS].previous[last & (PAGE - 1)] = NONE;
    let times = this.#older.get(user);
    if (times === undefined) {
      times = new ItemTimes();
      this.#older.set(user, times);
    }
    for (let place = first; place !== NONE; ) {
      const page = this.#pages[place >>> PAGE_BITS];
      const row = place & (PAGE - 1);
      const time = timeAt(page.time, row);
      if (time >= from) times.add(page.item[row], page.type[row], time);
      page.user[row] = NONE;
      place = page.previous[row];
    }
    if (times.length === 0) this.#older.delete(user);
  }

  /** Links a row that is older than its user's newest. */
  #link(page: Page, row: number, place: number, user: number): void {
    const time = timeAt(page.time, row);
    let newer = this.#head[user];
    let next = NONE;
    if (this.#unsorted[user] === 0) {
      next = this.#previous(newer);
      let steps = 1;
      for (; steps < STEPS && next !== NONE && this.#time(next) > time; steps++) {
        newer = next;
        next = this.#previous(next);
      }
      if (next !== NONE && this.#time(next) > time) this.#unsorted[user] = 1;
    }
    if (this.#unsorted[user] === 1) {
      page.previous[row] = this.#head[user];
      this.#head[user] = place;
      return;
    }
    page.previous[row] = next;
    this.#pages[newer >>> PAGE_BITS].previous[newer & (PAGE - 1)] = place;
  }

  /** Links a user's rows by time. */
  #sort(user: number): void {
    const places: number[] = [];
    for (let place = this.#head[user]; place !== NONE; place = this.#previous(place)) places.push(place);
    const times = new Map(places.map((place) => [place, this.#time(place)]));
    places.sort((a, b) => (times.get(b) as number) - (times.get(a) as number) || b - a);
    this.#head[user] = places[0];
    for (const [i, place] of places.entries()) this.#pages[place >>> PAGE_BITS].previous[place & (PAGE - 1)] = places[i + 1] ?? NONE;
    this.#unsorted[user] = 0;
  }

  #previous(place: number): number {
    return this.#pages[place >>> PAGE_BITS].previous[place & (PAGE - 1)];
  }

  #time(place: number): number {
    return timeAt(this.#pages[place >>> PAGE_BITS].time, place & (PAGE - 1));
  }

  #reserve(users: number): void {
    if (users <= this.#head.length) return;
    const room = Math.max(users, this.#head.length * 2, 1024);
    const head = new Uint32Array(room).fill(NONE);
    head.set(this.#head);
    const count = new Uint16Array(room);
    count.set(this.#count);
    const newest = new Float64Array(room);
    newest.set(this.#newest);
    const unsorted = new Uint8Array(room);
    unsorted.set(this.#unsorted);
    this.#head = head;
    this.#count = count;
    this.#newest = newest;
    this.#unsorted = unsorted;
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
