/** How often what was shown was clicked. */
export interface Clicks {
  /** Items shown. */
  readonly shown: number;
  readonly clicked: number;
}

/** `8.4% ±0.3`, with half of the 95% interval (normal approximation to the binomial); a dash while there is nothing to tell. */
export function clickRate({ shown, clicked }: Clicks): string {
  if (shown === 0) return "–";
  const rate = clicked / shown;
  const half = 1.96 * Math.sqrt((rate * (1 - rate)) / shown);
  return `${(100 * rate).toFixed(1)}% ±${(100 * half).toFixed(1)}`;
}

/** How much higher one rate is than another, `+63%`; undefined until both are known well enough to be compared: some 50 clicks each. */
export function lift(of: Clicks, over: Clicks): string | undefined {
  if (of.clicked < 50 || over.clicked < 50) return undefined;
  const ratio = of.clicked / of.shown / (over.clicked / over.shown);
  return `${ratio >= 1 ? "+" : "–"}${Math.abs(100 * (ratio - 1)).toFixed(0)}%`;
}
