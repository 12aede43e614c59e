import { expect, test } from "vitest";
import { ga4Events, isGa4 } from "./ga4.ts";

const line = {
  event_date: "20260102",
  event_timestamp: "1767312000123456",
  event_name: "view_item",
  user_id: null,
  user_pseudo_id: "123.456",
  event_params: [
    { key: "page_title", value: { string_value: "Mugs" } },
    { key: "ga_session_id", value: { int_value: "1767311000" } },
  ],
  items: [{ item_id: "mug", price: 14.95, quantity: 2 }, { item_id: "(not set)" }, { item_id: "lamp" }],
};

test("a line has an event for each item it names", () => {
  expect(isGa4(line)).toBe(true);
  expect(ga4Events(line)).toEqual(
    ["mug", "lamp"].map((item) => ({ user: "123.456", item, type: "view", time: 1767312000123, session: "1767311000" })),
  );
  expect(ga4Events({ ...line, items: [] })).toEqual([]);
  expect(ga4Events({ ...line, items: undefined })).toEqual([]);
});

test("a purchase has a value, and a signed-in user an id", () => {
  expect(ga4Events({ ...line, event_name: "purchase", user_id: "ann", event_params: undefined })).toEqual([
    { user: "ann", item: "mug", type: "purchase", time: 1767312000123, value: 29.9 },
    { user: "ann", item: "lamp", type: "purchase", time: 1767312000123 },
  ]);
});

test("other lines are left alone", () => {
  expect(isGa4({ user: "ann", item: "tea", type: "view" })).toBe(false);
});
