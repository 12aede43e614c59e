const DAY = 86_400_000;

/** The orders that {@link orderClock} accepts. */
export const ORDERS = { least: 0, most: DAY - 1 };

/**
 * The time of an event that says only its order: a millisecond per step, within the day before the import. An order doesn't tell how long ago
 * something was, so the events keep their order and otherwise count as recent.
 *
 * @param start when the import began, in milliseconds since 1970
 * @param orders the least and the greatest order; wider ranges than a day of milliseconds are narrowed, and equal times keep the order of rows
 */
export function orderClock(start: number, { least, most } = ORDERS): (order: number) => number {
  const step = Math.min(1, (DAY - 1) / (most - least));
  return (order) => start - DAY + Math.round((order - least) * step);
}
