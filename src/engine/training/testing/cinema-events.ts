import type { Dataset } from "../../../data/dataset.ts";
import type { ValidEvent } from "../../../data/events.ts";
import { simulateCinema } from "../../../simulate/cinema.ts";
import { unchecked } from "../../../store/testing/unchecked.ts";

/** The viewings of a small simulated cinema as events of one type, sorted by time. */
export function cinemaEvents(
  options: Parameters<typeof simulateCinema>[0] = { people: 300, films: 120, days: 200 },
): readonly ValidEvent[] {
  return eventsOf(simulateCinema(options).data, "watch");
}

/** The rows of a dataset as events, with weights as values. */
export function eventsOf(data: Dataset, type: string): readonly ValidEvent[] {
  const { user, item, weight, time } = data.interactions;
  const events = Array.from(user, (u, i) => ({
    user: String(data.users.id(u)),
    item: String(data.items.id(item[i])),
    type,
    value: weight?.[i] ?? 1,
    time: time?.[i] ?? i,
  }));
  return unchecked(events);
}
