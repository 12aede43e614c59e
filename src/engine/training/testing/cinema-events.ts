import type { Dataset } from "../../../data/dataset.ts";
import { simulateCinema } from "../../../simulate/cinema.ts";
import type { EventInput } from "../../../store/store.ts";

/** The viewings of a small simulated cinema as events of one type, in order of time. */
export function cinemaEvents(options: Parameters<typeof simulateCinema>[0] = { people: 300, films: 120, days: 200 }): EventInput[] {
  return eventsOf(simulateCinema(options).data, "watch");
}

/** The rows of a dataset as events, weights as their values. */
export function eventsOf(data: Dataset, type: string): EventInput[] {
  const { user, item, weight, time } = data.interactions;
  return Array.from(user, (u, i) => ({
    user: String(data.users.id(u)),
    item: String(data.items.id(item[i])),
    type,
    value: weight?.[i] ?? 1,
    time: time?.[i] ?? i,
  }));
}
