/** A whole number with thousands separators. */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** `"1 user"`, `"2,000 users"`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** A share in [0, 1] as a percentage, with at least two digits if it is small. */
export function percent(share: number): string {
  const value = 100 * share;
  const size = Math.abs(value);
  if (value === 0 || size >= 10) return `${value.toFixed(size >= 99.95 || size < 99.5 ? 0 : 1)}%`;
  return `${size >= 1 ? value.toFixed(1) : size >= 0.01 ? value.toFixed(2) : value.toPrecision(1)}%`;
}

/** A number with about four digits. */
export function decimal(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString("en");
  const size = Math.abs(value);
  if (size >= 1000) return count(value);
  if (size >= 1) return value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : 3);
  return size >= 0.0001 ? value.toFixed(4) : value.toExponential(2);
}

/** Bytes for people. */
export function bytes(value: number): string {
  for (const [unit, size] of [
    ["GB", 1e9],
    ["MB", 1e6],
    ["kB", 1e3],
  ] as const)
    if (value >= size) return `${(value / size).toFixed(value >= 100 * size ? 0 : 1)}\u00a0${unit}`;
  return `${value} bytes`;
}

/** Seconds for people. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)}\u00a0s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}\u00a0min ${Math.round(seconds % 60)}\u00a0s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A score without digits beyond single precision: 1.4781387, not 1.4781386852264404. */
export function shortScore(score: number): number {
  for (const digits of [7, 8, 9]) {
    const short = Number(score.toPrecision(digits));
    if (Math.fround(short) === Math.fround(score)) return short;
  }
  return score;
}
