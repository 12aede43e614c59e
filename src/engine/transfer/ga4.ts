type Row = Readonly<Record<string, unknown>>;

/** Event types by the names that Google Analytics recommends; others keep their names. */
const TYPES: Readonly<Record<string, string>> = {
  view_item: "view",
  select_item: "click",
  add_to_cart: "cart",
  remove_from_cart: "remove-from-cart",
  add_to_wishlist: "wishlist",
};

/** Whether a line is from the BigQuery export of Google Analytics 4. */
export function isGa4(row: Row): boolean {
  return typeof row.event_name === "string" && row.event_timestamp !== undefined && "user_pseudo_id" in row;
}

/**
 * The events of a line of the BigQuery export of Google Analytics 4: one per item that it names, none if it names no item. The user is `user_id`, or the
 * browser's `user_pseudo_id`; the value of a purchase or refund is price times quantity; the session is `ga_session_id`.
 */
export function ga4Events(row: Row): Row[] {
  const user = row.user_id ?? row.user_pseudo_id;
  const name = String(row.event_name);
  const type = TYPES[name] ?? name;
  // Microseconds; the export writes long integers as text.
  const time = Math.floor(Number(row.event_timestamp) / 1000);
  const session = parameter(row.event_params, "ga_session_id");
  return listOf(row.items).flatMap((item) => {
    if (item.item_id === undefined || item.item_id === null || item.item_id === "" || item.item_id === "(not set)") return [];
    const value = Number(item.price ?? Number.NaN) * Number(item.quantity ?? 1);
    return {
      user: user === undefined || user === null ? user : String(user),
      item: String(item.item_id),
      type,
      time: Number.isNaN(time) ? row.event_timestamp : time,
      ...(session !== undefined && { session }),
      ...((type === "purchase" || type === "refund") && !Number.isNaN(value) && { value }),
    };
  });
}

function listOf(value: unknown): Row[] {
  return Array.isArray(value) ? value.filter((entry): entry is Row => typeof entry === "object" && entry !== null) : [];
}

function parameter(parameters: unknown, key: string): string | undefined {
  const value = listOf(parameters).find((entry) => entry.key === key)?.value;
  if (typeof value !== "object" || value === null) return undefined;
  const { int_value: whole, string_value: text } = value as Row;
  const found = whole ?? text;
  return found === undefined || found === null ? undefined : String(found);
}
