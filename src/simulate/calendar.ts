/** Milliseconds per day. */
export const DAY = 86_400_000;

/** The day on which the simulated cinema opens: Monday, January 1, 2024, in milliseconds since 1970 (UTC). Day 0 of the simulation. */
export const OPENING = Date.UTC(2024, 0, 1);

/** How busy each day of the week is, from Monday. */
const weekdays = [0.6, 0.6, 0.7, 0.8, 1.4, 1.7, 1.2];

/** How busy a day is, 1 on average over a week. */
export function busyness(day: number): number {
  return weekdays[((day % 7) + 7) % 7];
}

/** How close a day is to the middle of a month: 1 there, 0.6 one month away, 0.01 three months away. */
export function nearMonth(day: number, month: number): number {
  const date = new Date(OPENING + day * DAY);
  const now = date.getUTCMonth() + 1 + (date.getUTCDate() - 15) / 30;
  const apart = Math.abs(now - month);
  return Math.exp(-0.5 * Math.min(apart, 12 - apart) ** 2);
}
