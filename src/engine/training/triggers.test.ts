import { expect, test } from "vitest";
import { drifted, due, type TriggerState } from "./triggers.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const now = Date.UTC(2026, 0, 1);
const calm = { events: 0, unknown: 0, usual: 0 };
const fitted = { at: now - HOUR, milliseconds: 10_000, events: 50_000 };
const state: TriggerState = { now, events: 50_000, fitted, refreshed: fitted, failures: 0, failedAt: 0, updatable: true, drift: calm };

test("the first fit waits for 100 events", () => {
  const fresh = { ...state, fitted: undefined, refreshed: undefined };
  expect(due({ ...fresh, events: 99 })).toBeUndefined();
  expect(due({ ...fresh, events: 100 })).toEqual({ kind: "train", trigger: "first" });
});

test("a tenth more events make a fit due, a fiftieth an update; at least 1,000 and 200", () => {
  expect(due({ ...state, events: 50_999 })).toBeUndefined();
  expect(due({ ...state, events: 51_000 })).toEqual({ kind: "update", trigger: "events" });
  expect(due({ ...state, events: 51_000, updatable: false })).toBeUndefined();
  expect(due({ ...state, events: 51_500, refreshed: { ...fitted, events: 51_000 } })).toBeUndefined();
  expect(due({ ...state, events: 55_000 })).toEqual({ kind: "train", trigger: "events" });
  const small = { ...fitted, events: 500 };
  expect(due({ ...state, fitted: small, refreshed: small, events: 699 })).toBeUndefined();
  expect(due({ ...state, fitted: small, refreshed: small, events: 700 })).toEqual({ kind: "update", trigger: "events" });
  expect(due({ ...state, fitted: small, refreshed: small, events: 1500 })).toEqual({ kind: "train", trigger: "events" });
  expect(due({ ...state, events: 50_300 }, { afterEvents: 300 })).toEqual({ kind: "train", trigger: "events" });
});

test("the schedule: six hours by default, and never without new events", () => {
  const old = { ...fitted, at: now - 6 * HOUR };
  expect(due({ ...state, fitted: old, events: 50_001 })).toEqual({ kind: "train", trigger: "schedule" });
  expect(due({ ...state, fitted: old })).toBeUndefined();
  expect(due({ ...state, events: 50_001 })).toBeUndefined();
  expect(due({ ...state, events: 50_001 }, { every: "30m" })).toEqual({ kind: "train", trigger: "schedule" });
  // Deleted events must disappear from the models too.
  expect(due({ ...state, fitted: old, events: 49_990 })).toEqual({ kind: "train", trigger: "schedule" });
});

test("training takes at most a tenth of the time", () => {
  const long = { ...fitted, milliseconds: 10 * MINUTE };
  expect(due({ ...state, events: 60_000, fitted: long, refreshed: long })).toBeUndefined();
  expect(due({ ...state, events: 60_000, fitted: { ...long, at: now - 90 * MINUTE } })).toEqual({ kind: "train", trigger: "events" });
});

test("failures back off: a minute, then twice as long each time, up to an hour", () => {
  const waits = (failures: number, ago: number) =>
    due({ ...state, fitted: undefined, refreshed: undefined, failures, failedAt: now - ago }) === undefined;
  expect([waits(1, MINUTE - 1), waits(1, MINUTE)]).toEqual([true, false]);
  expect([waits(4, 8 * MINUTE - 1), waits(4, 8 * MINUTE)]).toEqual([true, false]);
  expect([waits(50, HOUR - 1), waits(50, HOUR)]).toEqual([true, false]);
});

test("drift: the share of events on unknown items is significantly above a tenth and above twice the usual", () => {
  expect(drifted({ events: 99, unknown: 99, usual: 0 })).toBe(false);
  expect(drifted({ events: 100, unknown: 12, usual: 0 })).toBe(false);
  expect(drifted({ events: 100, unknown: 20, usual: 0 })).toBe(true);
  expect(drifted({ events: 10_000, unknown: 1200, usual: 0 })).toBe(true);
  expect(drifted({ events: 10_000, unknown: 3000, usual: 0.2 })).toBe(false);
  expect(drifted({ events: 10_000, unknown: 4500, usual: 0.2 })).toBe(true);
  expect(due({ ...state, events: 50_100, drift: { events: 200, unknown: 100, usual: 0 } })).toEqual({ kind: "train", trigger: "drift" });
});
