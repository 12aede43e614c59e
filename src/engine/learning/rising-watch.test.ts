import { expect, test } from "vitest";
import { allocateEvents } from "../../data/event-columns.ts";
import { RisingWatch } from "./rising-watch.ts";

const DAY = 86_400_000;
const today = 20_000 * DAY;

function eventsOf(rows: readonly { user: number; item: number; time: number }[]) {
  const events = allocateEvents(rows.length);
  for (const [i, { user, item, time }] of rows.entries()) {
    events.user[i] = user;
    events.item[i] = item;
    events.time[i] = time;
  }
  return events;
}

/** 300 regulars, here since a week, of whom each looks at one of 30 items every day; and some newcomers a day among them. */
function usual(watch: RisingWatch, newcomersPerDay: number): void {
  let stranger = 10_000;
  for (let day = -7; day <= 0; day++) {
    const at = (i: number) => today + day * DAY + i * 1000;
    watch.observe(eventsOf(Array.from({ length: 300 }, (_, i) => ({ user: i, item: i % 30, time: at(i) }))));
    watch.observe(eventsOf(Array.from({ length: newcomersPerDay }, (_, i) => ({ user: stranger++, item: i % 30, time: at(i) }))));
  }
}

const crowd = (item: number, count: number, user: (i: number) => number) =>
  eventsOf(Array.from({ length: count }, (_, i) => ({ user: user(i), item, time: today + 50_000_000 + i })));

test.each([20, 200])("an item that strangers lift is noticed, with %i newcomers a day", (newcomers) => {
  const watch = new RisingWatch();
  usual(watch, newcomers);
  expect(watch.rises(today + DAY - 1)).toEqual([]);
  watch.observe(crowd(40, 60, (i) => 50_000 + i));
  // Regulars may like something new.
  watch.observe(crowd(41, 60, (i) => i));
  expect(watch.rises(today + DAY - 1)).toEqual([{ item: 40, events: 60, newcomers: 60 }]);
  expect(watch.rises(today + DAY)).toEqual([]);
});

test("where everybody is new, nothing is sudden", () => {
  const watch = new RisingWatch();
  watch.observe(eventsOf(Array.from({ length: 500 }, (_, i) => ({ user: i, item: i % 10, time: today + i }))));
  expect(watch.rises(today + 1000)).toEqual([]);
});
