import fc from "fast-check";
import { expect, test } from "vitest";
import {
  allocateEvents,
  concatEvents,
  concatUserEvents,
  copyEvents,
  type EventColumns,
  gatherEvents,
  sliceEvents,
  type UserEvents,
} from "./event-columns.ts";

type Row = readonly [user: number, item: number, type: number, value: number, time: number];

/** Columns may have more room than there are events. */
const columns = fc
  .tuple(fc.array(fc.tuple(fc.nat(99), fc.nat(99), fc.nat(255), fc.integer(), fc.integer()), { maxLength: 12 }), fc.nat(3))
  .map(([rows, room]) => {
    const events = allocateEvents(rows.length + room);
    rows.forEach(([user, item, type, value, time], i) => {
      events.user[i] = user;
      events.item[i] = item;
      events.type[i] = type;
      events.value[i] = value;
      events.time[i] = time;
    });
    return { ...events, length: rows.length };
  });

function rows({ length, user, item, type, value, time }: EventColumns): Row[] {
  return Array.from({ length }, (_, i) => [user[i], item[i], type[i], value[i], time[i]]);
}

function withoutUsers({ user: _, ...events }: EventColumns): UserEvents {
  return events;
}

test("a slice has the rows that a slice of a list has, of one user or of many", () => {
  fc.assert(
    fc.property(columns, fc.nat(14), fc.nat(14), (events, from, to) => {
      const slice = sliceEvents(events, from, to);
      expect(rows(slice)).toEqual(rows(events).slice(from, to));
      expect([slice.user.length, slice.item.length]).toEqual([slice.length, slice.length]);
      const { user: _, ...own } = slice;
      expect(sliceEvents(withoutUsers(events), from, to)).toEqual(own);
      expect(rows(sliceEvents(events, from))).toEqual(rows(events).slice(from));
    }),
  );
});

test("a slice shares its memory, and what is joined has its own", () => {
  const events = allocateEvents(3);
  const [slice, joined] = [sliceEvents(events, 1), concatEvents([events])];
  events.item[1] = 7;
  expect([slice.item[0], joined.item[1]]).toEqual([7, 0]);
});

test("joined columns have all rows, one part after the other", () => {
  fc.assert(
    fc.property(fc.array(columns, { maxLength: 4 }), (parts) => {
      const all = concatEvents(parts);
      expect(rows(all)).toEqual(parts.flatMap(rows));
      expect(concatUserEvents(parts.map(withoutUsers))).toEqual(withoutUsers(all));
    }),
  );
});

test("what is cut in two and joined is what it was", () => {
  fc.assert(
    fc.property(columns, fc.nat(12), (events, at) => {
      expect(rows(concatEvents([sliceEvents(events, 0, at), sliceEvents(events, at)]))).toEqual(rows(events));
    }),
  );
});

test("gathered rows come in the order asked for, as often as asked for", () => {
  fc.assert(
    fc.property(columns, fc.array(fc.nat()), (events, places) => {
      fc.pre(events.length > 0);
      const wanted = Uint32Array.from(places, (place) => place % events.length);
      expect(rows(gatherEvents(events, wanted))).toEqual(Array.from(wanted, (row) => rows(events)[row]));
    }),
  );
});

test("copying writes the rows there and nothing else", () => {
  fc.assert(
    fc.property(columns, fc.nat(3), (events, at) => {
      const target = allocateEvents(events.length + 6);
      target.item.fill(1000);
      copyEvents(events, target, at);
      expect(rows(sliceEvents(target, at, at + events.length))).toEqual(rows(events));
      expect(target.item.filter((item) => item === 1000)).toHaveLength(6);
    }),
  );
});
