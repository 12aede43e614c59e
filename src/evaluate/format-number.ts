/** Decimals that show about four digits of the largest of some values: 4 below 1, 3 below 10, and so on. */
export function decimalsFor(values: readonly (number | null)[]): number {
  const largest = Math.max(0, ...values.map((value) => Math.abs(value ?? 0)));
  return largest <= 1 ? 4 : Math.max(0, 3 - Math.floor(Math.log10(largest)));
}

/** A number with fixed decimals, without the zero before the point (`.0317`), as is common in the field; `-` for none. */
export function formatNumber(value: number | null | undefined, decimals: number): string {
  if (value == null) return "-";
  if (Math.abs(value) >= 1000) return value.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return value.toFixed(decimals).replace(/^(-?)0\./, "$1.");
}

/** `p < .001`, `p = .034`, `p = 1` */
export function formatP(p: number): string {
  if (p < 0.001) return "p < .001";
  return p > 0.9995 ? "p = 1" : `p = ${formatNumber(p, 3)}`;
}

/** Seconds with the significant digits: `0.04 s`, `3.1 s`, `245 s`. */
export function formatSeconds(seconds: number | null): string {
  if (seconds === null) return "-";
  return `${seconds.toFixed(seconds < 1 ? 2 : seconds < 100 ? 1 : 0)} s`;
}
